import type { RecordingBatch } from '../genesys/recording-batches';
import type { BulkJob } from '../genesys/bulk-export';
import type { SourceConversation } from '../genesys/conversation';
import type { DoubtfulConversation, DoubtfulIndex } from '../subject/doubtful';
import type { IdentifierEvidence } from '../subject/no-contact';
import type { CarriedPage } from './carried';
import type { PageConversation } from './page';
import type { PartManifest, WrittenPart } from './part-manifest';
import type { PersonRecords } from './person-records';
import type { Sha256State } from './resumable-sha256';
import type { ViewerPerson } from './viewer-person';

/** Names of the scratch blobs of a request, and of the parts of its package. All are opaque. */

declare const content: unique symbol;

/** Name of a scratch blob whose content is a `T`. */
export interface ScratchRef<T> {
  readonly name: string;
  readonly [content]?: T;
}

/** Prefix of the names of scratch blobs whose content is a `T`. */
export interface ScratchPrefix<T> {
  readonly prefix: string;
  readonly [content]?: T;
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');
const numbered = (prefix: string, page: number): string => `${prefix}${digits(page, 6)}.json`;

/** Every scratch blob of a request. */
export const allScratch: ScratchPrefix<unknown> = { prefix: '' };

/** A part of the results of a search, from 1. */
export const searchBlob = (key: string, part: number): ScratchRef<SourceConversation[]> => ({
  name: numbered(`search-${key}-`, part),
});

/** Conversations that may be another person's, on pages in order of time. */
export const doubtfulPageBlob = (page: number): ScratchRef<DoubtfulConversation[]> => ({
  name: numbered('doubtful-', page),
});
/** What ties each of them; it exists once all are known. */
export const doubtfulIndexBlob: ScratchRef<DoubtfulIndex> = { name: 'doubtful.json' };
export const counts: ScratchPrefix<IdentifierEvidence[]> = { prefix: 'count-' };
/** How many conversations a search has found by each identifier, where they are only counted. */
export const countBlob = (key: string): ScratchRef<IdentifierEvidence[]> => ({
  name: `${counts.prefix}${key}.json`,
});

/** Conversations of a page. */
export const pageBlob = (page: number): ScratchRef<PageConversation[]> => ({
  name: numbered('page-', page),
});

/** Recordings of a page that were requested in batches. */
export const batchBlob = (page: number): ScratchRef<RecordingBatch[]> => ({
  name: numbered('batch-', page),
});

/** What is known of the conversations of a page of which recordings are waited for. */
export const carriedBlob = (page: number): ScratchRef<CarriedPage> => ({
  name: numbered('carried-', page),
});

export const bulkJobs: ScratchPrefix<BulkJob[]> = { prefix: 'bulk-' };
/** Jobs that export the recordings of a page to a bucket. */
export const bulkBlob = (page: number): ScratchRef<BulkJob[]> => ({
  name: numbered(bulkJobs.prefix, page),
});

/** By conversation of a page, the stamps of the objects in the bucket before a job was started for it. */
export const bucketBeforeBlob = (page: number): ScratchRef<Record<string, string[]>> => ({
  name: numbered('bucket-before-', page),
});

export const deletionHolds: ScratchPrefix<string[]> = { prefix: 'hold-' };
/** Ids of the conversations of a page that this request has put a deletion hold on. */
export const deletionHoldBlob = (page: number): ScratchRef<string[]> => ({
  name: numbered(deletionHolds.prefix, page),
});

/** Records of the person that belong to no conversation, as far as they were collected. */
export const personBlob: ScratchRef<PersonRecords> = { name: 'person.json' };
/** Records of the person that the viewer shows. */
export const personViewBlob: ScratchRef<ViewerPerson> = { name: 'person-view.json' };

/** Directories of parts that follow one another in the package. */
export const partGroupBlob = (label: string): ScratchRef<WrittenPart[]> => ({
  name: `parts-${label}.json`,
});
/**
 * Label of a group of parts.
 * @param run random number of whoever has written it: another writer's are other blobs
 * @param group from 1
 */
export const partGroupLabel = (run: string, group: number): string => `${run}-${digits(group, 6)}`;

/** State of the hash of the package before a part, from 0, where its reading back goes on. */
export const packageHashBlob = (part: number): ScratchRef<Sha256State> => ({
  name: numbered('package-hash-', part),
});

/** Manifests of the finished parts; their names sort in the order of the package. */
export const partManifests: ScratchPrefix<PartManifest> = { prefix: 'part-' };
export const partManifestBlob = (part: string): ScratchRef<PartManifest> => ({
  name: `${partManifests.prefix}${part}.json`,
});
/** Manifests of the parts of a page. */
export const partManifestsOf = (page: number): ScratchPrefix<PartManifest> => ({
  prefix: `${partManifests.prefix}${pageLabel('p', page)}`,
});

const pageLabel = (section: string, page: number): string => `${section}${digits(page, 6)}-`;

/**
 * Name of a part of the package. All names have one length, because block ids carry them and must have
 * one length, too (https://learn.microsoft.com/rest/api/storageservices/put-block); they sort in the
 * order in which the parts stand in the package.
 */
const partLabel = (section: string, page: number, attempt: number, pass: number): string =>
  `${pageLabel(section, page)}${digits(attempt, 4)}-${digits(pass, 5)}`;

/**
 * Part that one pass over a page of conversations writes.
 * @param attempt number of the export attempt, from 1
 * @param pass number of the pass over the page within the attempt, from 1
 */
export const partName = (page: number, attempt: number, pass: number): string =>
  partLabel('p', page, attempt, pass);
/** Records of the person that belong to no conversation; sorts before the pages. */
export const personPart = partLabel('o', 0, 0, 0);
/** Package metadata: tables, report and tag files; sorts after the pages. */
export const metadataPart = partLabel('q', 0, 0, 0);
/** Central directory of the ZIP file; sorts last. */
export const directoryPart = partLabel('z', 0, 0, 0);
