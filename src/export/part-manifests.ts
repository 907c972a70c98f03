import { randomBytes } from 'node:crypto';
import {
  metadataPart,
  partGroupBlob,
  partGroupLabel,
  partManifestBlob,
  partManifests as manifestPrefix,
  type ScratchRef,
} from '../core/package/blob-names';
import type { PartGroup } from '../core/package/part-manifest';
import type { PartManifest, ScratchStore, WrittenPart } from '../ports';
import { readScratch, type ScratchOwner } from '../services/scratch';

interface Reading {
  scratch: Pick<ScratchStore, 'list' | 'read'>;
}

/** Blobs that are read ahead of the one that is wanted. */
const blobsAhead = 4;

/** Reads blobs in this order, some of them at a time. */
async function* inOrder<T>(
  services: Pick<Reading, 'scratch'>,
  owner: ScratchOwner,
  refs: readonly ScratchRef<T>[],
): AsyncGenerator<T> {
  const ahead: Promise<T>[] = [];
  for (const ref of refs) {
    const content = readScratch(services, owner, ref);
    // Whoever awaits it handles the error; until then it must not end the process.
    content.catch(() => undefined);
    ahead.push(content);
    const first = ahead.length > blobsAhead ? ahead.shift() : undefined;
    if (first) yield await first;
  }
  for (const content of ahead) yield await content;
}

/** Manifests of the finished parts but the last, in the order of the package. */
export async function* partManifests(
  services: Reading,
  owner: ScratchOwner,
): AsyncGenerator<PartManifest> {
  const refs = await services.scratch.list(owner.record.requestId, manifestPrefix);
  const last = partManifestBlob(metadataPart).name;
  yield* inOrder(
    services,
    owner,
    refs.filter(({ name }) => name !== last),
  );
}

/** Entries of parts in one blob: each is read whole. */
const mostEntries = 2000;

/**
 * Keeps the directories of parts together, so that joining the package and reading it back takes few calls
 * of storage. The last part names the blobs: with its manifest they count, and only then.
 */
export class PartGroups {
  private readonly run = randomBytes(16).toString('hex');
  private readonly groups: PartGroup[] = [];
  private waiting: WrittenPart[] = [];
  private entries = 0;

  constructor(
    private readonly services: { scratch: Pick<ScratchStore, 'write'> },
    private readonly owner: ScratchOwner,
  ) {}

  /** Adds the next part. */
  async add({ part, bytes, blockIds, entries }: PartManifest): Promise<void> {
    this.waiting.push({ part, bytes, blockIds, entries });
    this.entries += entries.length;
    if (this.entries >= mostEntries) await this.store();
  }

  /** Stores what is left. @returns all groups, in their order */
  async finish(): Promise<PartGroup[]> {
    if (this.waiting.length > 0) await this.store();
    return this.groups;
  }

  private async store(): Promise<void> {
    const { record, keys } = this.owner;
    const parts = this.waiting;
    const label = partGroupLabel(this.run, this.groups.length + 1);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    await this.services.scratch.write(record.requestId, partGroupBlob(label), keys.dataKey, parts);
    this.groups.push({ label, parts: parts.length, bytes });
    this.waiting = [];
    this.entries = 0;
  }
}

/** The parts of a package whose last part is written, in the order of the package. */
export class WrittenParts {
  private constructor(
    private readonly services: Reading,
    private readonly owner: ScratchOwner,
    private readonly last: PartManifest,
  ) {}

  /** @throws Error when the last part is not written */
  static async of(services: Reading, owner: ScratchOwner): Promise<WrittenParts> {
    const last = await readScratch(services, owner, partManifestBlob(metadataPart));
    return new WrittenParts(services, owner, last);
  }

  /** Those from a number on, counted from 0. */
  async *from(number: number): AsyncGenerator<WrittenPart> {
    const { groups } = this.last;
    let before = 0;
    const wanted = groups?.filter(({ parts }, i) => {
      const isPassed = groups.slice(0, i + 1).reduce((sum, one) => sum + one.parts, 0) <= number;
      if (isPassed) before += parts;
      return !isPassed;
    });
    for await (const parts of wanted ? this.inGroups(wanted) : this.oneByOne()) {
      yield* parts.slice(Math.max(0, number - before));
      before += parts.length;
    }
    yield this.last;
  }

  private inGroups(groups: readonly PartGroup[]): AsyncGenerator<WrittenPart[]> {
    const refs = groups.map(({ label }) => partGroupBlob(label));
    return inOrder(this.services, this.owner, refs);
  }

  /** Of a last part that an earlier version of the app has written. */
  private async *oneByOne(): AsyncGenerator<WrittenPart[]> {
    for await (const part of partManifests(this.services, this.owner)) yield [part];
  }
}
