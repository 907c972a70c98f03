import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { emptyBody } from '../../core/api/bodies';
import { packageEndsAt } from '../../core/package/expiry';
import { addSeconds } from '../../core/time/time';
import type { RequestRecord } from '../../ports';
import { HttpProblem, jsonResponse } from '../shared/http';
import { nothingToDownload, type PortalContext } from './context';

/** Seconds for which a download counts as running after its link has ended. */
const downloadGrace = 300;

const downloadBody = z.strictObject({ by: z.enum(['page', 'browser']) });
const deliveredBody = z.strictObject({ bytes: z.int().nonnegative() });

/** The package and what opens it, for who has proven who they are since its release. */
export function portalDownload(portal: PortalContext) {
  const { env } = portal;

  /** @throws HttpProblem 403 without a fresh step-up, 409 when there is no package (any more) */
  async function downloadable(
    request: HttpRequest,
  ): Promise<RequestRecord & { wrappedSecret: string }> {
    const record = await portal.steppedUp(request);
    const { wrappedSecret } = record;
    const isAvailable = record.state === 'available' || record.state === 'delivered';
    const endsAt = packageEndsAt(record);
    const isOver = endsAt === null || env.clock.now().toISOString() >= endsAt;
    if (!isAvailable || isOver || wrappedSecret === null) throw nothingToDownload();
    return { ...record, wrappedSecret };
  }

  async function download(request: HttpRequest): Promise<HttpResponseInit> {
    const { by } = await portal.postBody(request, downloadBody);
    const record = await downloadable(request);
    const { portalLinkMinutes, browserLinkMinutes } = env.settings.delivery;
    const minutes = by === 'page' ? portalLinkMinutes : browserLinkMinutes;
    const link = await env.packages.link(record.requestId, minutes);
    if (link === null) throw nothingToDownload();
    const until = addSeconds(env.clock.now(), minutes * 60 + downloadGrace).toISOString();
    await env.ledger.note(
      record.requestId,
      { event: 'linkMinted', detail: { by, minutes } },
      { downloadUntil: until },
    );
    return jsonResponse(200, { ...link, minutes, bytes: record.packageBytes });
  }

  /** The page says that it has written the last byte. */
  async function delivered(request: HttpRequest): Promise<HttpResponseInit> {
    const { bytes } = await portal.postBody(request, deliveredBody);
    const { requestId, packageBytes } = await downloadable(request);
    if (bytes !== packageBytes)
      throw new HttpProblem(400, 'invalidBody', 'The package has another size.');
    await env.ledger.note(requestId, { event: 'downloadReported', detail: { bytes } });
    await env.ledger.move(requestId, 'delivered');
    return jsonResponse(200, {});
  }

  async function passphrase(request: HttpRequest): Promise<HttpResponseInit> {
    await portal.postBody(request, emptyBody);
    const { requestId, wrappedSecret } = await downloadable(request);
    const keys = await env.keys.unwrap(wrappedSecret);
    await env.ledger.note(requestId, { event: 'passphraseShown' });
    return jsonResponse(200, { passphrase: keys.passphrase });
  }

  return { download, delivered, passphrase };
}
