import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { emlComposer } from '../src/adapters/eml/email-composer';
import { UnreadableError } from '../src/core/errors';
import type { Finding } from '../src/core/redaction/findings';
import { JsonMarks } from '../src/core/redaction/json-marks';
import { mailPeople } from '../src/core/redaction/mail/people';
import { compilePattern, type CompiledPattern } from '../src/core/redaction/patterns';
import type { Policy } from '../src/core/redaction/policy';
import { addRedactions, countRedactions, type Redactions } from '../src/core/redaction/redactions';
import { Sanitiser } from '../src/core/redaction/sanitiser';
import { kindOfFile } from '../src/core/redaction/text-files';
import { maskDocument, inPieces } from '../src/export/masking';
import { generateOrganisation } from './genesys/generate';

/** A file on which a policy is tried. */
export interface TrialFile {
  name: string;
  content: () => Buffer;
}

/** A place that a policy changes. */
export interface Change {
  file: string;
  /** Fields that lead to the value (JSON Pointer), or number of the line. */
  place: string;
  before: string;
  after: string;
}

/** What a pattern finds; `warning` says whether that looks wrong. */
export interface PatternTrial {
  name: string;
  matches: number;
  /** Share of all searched characters that it would mask. */
  share: number;
  warning: 'nothing' | 'tooMuch' | null;
}

export interface Trial {
  files: number;
  /** Characters that were searched. */
  characters: number;
  changes: Change[];
  /** How often something was masked, by the code of why. */
  masked: Record<string, number>;
  patterns: PatternTrial[];
  /** Files that hold no text. */
  notExamined: string[];
  /** Files that hold text and cannot be processed. */
  unreadable: string[];
}

/** Above this share of the characters, a pattern finds more than somebody's secret. */
export const largestShare = 0.05;

/** What was found of a pattern so far. */
interface Tally {
  name: string;
  pattern: CompiledPattern;
  matches: number;
  characters: number;
}

/** Counts, beside masking, what each pattern finds by itself, also where others find the same. */
class CountingSanitiser extends Sanitiser {
  readonly searched: { characters: number; patterns: readonly Tally[] };

  constructor(policy: Policy, file: string, searched: CountingSanitiser['searched']) {
    const form = file.endsWith('audit-trail.json') ? policy.agentsInAudits : policy.agents;
    super(policy, (userId) => `agent-${userId.slice(0, 8)}`, { form, file });
    this.searched = searched;
  }

  override *findInSteps(value: string, field = ''): Generator<void, Finding[]> {
    this.searched.characters += value.length;
    for (const tally of this.searched.patterns) {
      for (const { start, end } of yield* tally.pattern.findInSteps(value)) {
        tally.matches += 1;
        tally.characters += end - start;
      }
    }
    return yield* super.findInSteps(value, field);
  }
}

/**
 * Tries a policy on files and changes none of them.
 * @param own mailboxes of the person, which stay in mails
 */
export async function tryPolicy(
  policy: Policy,
  files: Iterable<TrialFile>,
  own: readonly string[] = [],
): Promise<Trial> {
  const searched = {
    characters: 0,
    patterns: policy.patterns.map(({ name, pattern }): Tally => ({
      ...{ name, pattern: compilePattern(pattern) },
      ...{ matches: 0, characters: 0 },
    })),
  };
  const trial = { files: 0, changes: [] as Change[], notExamined: [], unreadable: [] };
  const lists: Pick<Trial, 'notExamined' | 'unreadable'> = trial;
  let redactions: Redactions = {};
  for (const { name, content } of files) {
    trial.files += 1;
    const kind = kindOfFile(name);
    if (kind === 'opaque') {
      lists.notExamined.push(name);
      continue;
    }
    const sanitiser = new CountingSanitiser(policy, name, searched);
    try {
      trial.changes.push(...(await changesIn({ name, content }, { sanitiser, policy, own })));
      redactions = addRedactions(redactions, sanitiser.redactions);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      lists.unreadable.push(name);
    }
  }
  return {
    ...trial,
    characters: searched.characters,
    masked: countRedactions(redactions),
    patterns: searched.patterns.map((tally) => judged(tally, searched.characters)),
  };
}

function judged({ name, matches, characters }: Tally, all: number): PatternTrial {
  const share = all === 0 ? 0 : characters / all;
  const tooMuch = share > largestShare ? 'tooMuch' : null;
  return { name, matches, share, warning: matches === 0 ? 'nothing' : tooMuch };
}

interface Trying {
  sanitiser: Sanitiser;
  policy: Policy;
  own: readonly string[];
}

async function changesIn({ name, content }: TrialFile, by: Trying): Promise<Change[]> {
  const before = content();
  if (name.endsWith('.json')) {
    const parsed = parsedJson(before);
    if (parsed !== null) {
      const after = await maskDocument(by.sanitiser, parsed.value);
      return [...differences(parsed.value, after)].map((change) => ({ file: name, ...change }));
    }
  }
  const after = await maskedBytes(name, before, by);
  return lineChanges(before, after).map((change) => ({ file: name, ...change }));
}

function parsedJson(content: Buffer): { value: unknown } | null {
  try {
    return { value: JSON.parse(content.toString('utf8').replace(/^\uFEFF/, '')) as unknown };
  } catch {
    return null;
  }
}

async function maskedBytes(
  name: string,
  before: Buffer,
  { sanitiser, policy, own }: Trying,
): Promise<Buffer> {
  if (kindOfFile(name) !== 'mail') {
    const json = name.endsWith('.json') ? new JsonMarks() : null;
    return Buffer.from(await inPieces(sanitiser.bytesInSteps(before, json)));
  }
  const { content, redactions } = await emlComposer.mask(before, {
    find: (text, field) => sanitiser.findInSteps(text, field),
    people: mailPeople(policy, own),
    attachments: policy.attachments,
  });
  for (const [reason, count] of Object.entries(redactions)) sanitiser.note(reason, '', count);
  return content;
}

/** Every place of a document at which two versions of it differ. */
function* differences(
  before: unknown,
  after: unknown,
  place = '',
): Generator<Omit<Change, 'file'>> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const isDeep = (value: unknown): value is Record<string, unknown> =>
    value !== null && typeof value === 'object';
  if (!isDeep(before) || !isDeep(after)) {
    yield { place: place || '/', before: shown(before), after: shown(after) };
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    yield* differences(before[name], after[name], `${place}/${name}`);
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** Lines that differ; one stretch of lines where a change has joined or divided some. */
function lineChanges(before: Buffer, after: Buffer): Omit<Change, 'file'>[] {
  const one = before.toString('utf8').split('\n');
  const other = after.toString('utf8').split('\n');
  const changes = one.flatMap((line, i) =>
    line === other[i]
      ? []
      : [{ place: `line ${i + 1}`, before: line.trim(), after: (other[i] ?? '').trim() }],
  );
  if (one.length === other.length) return changes;
  const first = one.findIndex((line, i) => line !== other[i]);
  let same = 0;
  while (
    same < Math.min(one.length, other.length) - first &&
    one.at(-1 - same) === other.at(-1 - same)
  )
    same += 1;
  const stretch = (lines: string[]): string =>
    lines
      .slice(first, lines.length - same)
      .join('\n')
      .trim();
  return [{ place: `from line ${first + 1}`, before: stretch(one), after: stretch(other) }];
}

/** One file, or all of a folder; of an unpacked package, those of its data. */
export function filesAt(path: string): TrialFile[] {
  if (!statSync(path).isDirectory()) return [{ name: path, content: () => readFileSync(path) }];
  const folder = existsSync(join(path, 'bagit.txt')) ? join(path, 'data') : path;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ name: relative(path, file), content: () => readFileSync(file) }));
}

/** Conversations, notes and campaigns of the simulated Genesys Cloud. */
export function simulatedFiles(): TrialFile[] {
  const { organisation } = generateOrganisation({
    ...{ seed: 1, conversations: 200, conversationsOfOthers: 0 },
    now: new Date('2026-11-28T12:00:00.000Z'),
  });
  const { conversations, contacts, dialerContacts, audits } = organisation;
  const file = (name: string, value: unknown): TrialFile => ({
    name,
    content: () => Buffer.from(JSON.stringify(value)),
  });
  return [
    ...conversations.map((one, i) =>
      file(`simulated/conversations/${String(i + 1).padStart(4, '0')}.json`, one),
    ),
    file(
      'simulated/notes.json',
      contacts.flatMap(({ notes }) => notes),
    ),
    file('simulated/campaigns.json', dialerContacts),
    file('simulated/audit-trail.json', audits),
  ];
}
