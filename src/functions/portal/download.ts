import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { emptyBody } from '../../core/api/bodies';
import { isApproved } from '../../core/custody/hand-over';
import { packageEndsAt } from '../../core/package/expiry';
import { addSeconds } from '../../core/time/time';
import type { Clock, KeyStore, Ledger, PackageStore, RequestRecord, Settings } from '../../ports';
import { invalidBody, jsonResponse } from '../shared/http';
import { approvalRequired, notAvailable, type PortalContext } from './context';

/** Seconds for which a download may still run after its link has expired. */
const downloadGrace = 300;

const downloadBody = z.strictObject({ by: z.enum(['page', 'browser']) });
const deliveredBody = z.strictObject({ bytes: z.int().nonnegative() });

/** What a download uses. */
export interface DownloadServices {
  clock: Clock;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'note' | 'move' | 'custodyEntries'>;
  packages: Pick<PackageStore, 'link'>;
  settings: Pick<Settings, 'delivery'>;
}

/** The package and its passphrase, after a step-up since its release. */
export class PortalDownload {
  constructor(
    private readonly services: DownloadServices,
    private readonly portal: PortalContext,
  ) {}

  /** Issues a link that lives for minutes. */
  link = async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { clock, ledger, packages, settings } = this.services;
    const { by } = await this.portal.postBody(request, downloadBody);
    const { requestId, packageBytes } = await this.downloadable(request);
    const { portalLinkMinutes, browserLinkMinutes } = settings.delivery;
    const minutes = by === 'page' ? portalLinkMinutes : browserLinkMinutes;
    const link = await packages.link(requestId, minutes);
    if (link === null) throw notAvailable();
    const until = addSeconds(clock.now(), minutes * 60 + downloadGrace).toISOString();
    await ledger.note(
      requestId,
      { event: 'linkMinted', detail: { by, minutes } },
      // A link that ends sooner does not end one that was issued before.
      ({ downloadUntil }) => ({
        downloadUntil: downloadUntil !== null && downloadUntil > until ? downloadUntil : until,
      }),
    );
    return jsonResponse(200, { ...link, minutes, bytes: packageBytes });
  };

  /** The page reports that it has written the last byte. */
  delivered = async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { ledger } = this.services;
    const { bytes } = await this.portal.postBody(request, deliveredBody);
    const { requestId, packageBytes } = await this.downloadable(request);
    if (bytes !== packageBytes)
      throw invalidBody([{ pointer: '/bytes', detail: 'is not the size of the package' }]);
    await ledger.note(requestId, { event: 'downloadReported', detail: { bytes } });
    await ledger.move(requestId, 'delivered');
    return jsonResponse(200, {});
  };

  passphrase = async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { keys, ledger } = this.services;
    await this.portal.postBody(request, emptyBody);
    const { requestId, wrappedSecret } = await this.downloadable(request);
    const { passphrase } = await keys.unwrap(wrappedSecret);
    await ledger.note(requestId, { event: 'passphraseShown' });
    return jsonResponse(200, { passphrase });
  };

  /**
   * @throws HttpProblem 403 without a step-up since the release, 409 without a package, and where the
   *   step-up is by a code of an officer and no other officer has approved that
   */
  private async downloadable(
    request: HttpRequest,
  ): Promise<RequestRecord & { wrappedSecret: string }> {
    const { session, record } = await this.portal.steppedUpSession(request);
    const { wrappedSecret } = record;
    const isAvailable = record.state === 'available' || record.state === 'delivered';
    const endsAt = packageEndsAt(record);
    const isOver = endsAt === null || this.services.clock.now().toISOString() >= endsAt;
    if (!isAvailable || isOver || wrappedSecret === null) throw notAvailable();
    // A code of an officer proves what that officer says, and nothing that the person has.
    const isByOfficer = session.completedMethods.includes('officer');
    if (isByOfficer && this.services.settings.delivery.handOver === 'twoOfficers') {
      const entries = await this.services.ledger.custodyEntries(record.requestId);
      if (!isApproved(entries)) throw approvalRequired();
    }
    return { ...record, wrappedSecret };
  }
}
