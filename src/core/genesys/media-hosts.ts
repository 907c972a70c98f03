/**
 * Hosts that recordings, transcripts and attachments are fetched from. The API names an address for
 * each; what stands there comes into a person's package, so that an address anywhere else is refused.
 */

/** Stands for the hosts of Amazon S3 in a list of hosts. */
export const amazonS3 = 'amazon-s3';

/** Regional, dual-stack, virtual-hosted and path-style endpoints
 * (https://docs.aws.amazon.com/general/latest/gr/s3.html), the EU sovereign partition among them. */
const s3Host = /^(?:[a-z0-9.-]+\.)?s3(?:[.-][a-z0-9-]+)*\.amazonaws\.(?:com|eu)$/;

/** A host, `*.` and a host for all below it, or `amazon-s3`. */
export const mediaHostPattern = /^(?:amazon-s3|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?)$/;

/**
 * Hosts by default: those of the region, where `api-downloads` serves transcripts and attachments, and
 * Amazon S3, where pre-signed addresses of recordings lead (the API description calls them pre-signed S3
 * addresses; `https://api-downloads.mypurecloud.ie/transcriptsCache/` is seen in public integrations).
 * @param region host of the region, such as `mypurecloud.de`
 */
export const defaultMediaHosts = (region: string): string[] => [`*.${region}`, amazonS3];

/**
 * Whether a host is one of a list.
 * @param host as a URL has it: lower case, with a port that is not the scheme's own
 */
export const isMediaHost = (host: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => {
    if (pattern === amazonS3) return s3Host.test(host);
    return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
  });
