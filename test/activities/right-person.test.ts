import fc from 'fast-check';
import type { PageConversation } from '../../src/core/package/page';
import { identifiersInQuestion } from '../../src/core/subject/resolve-contact';
import {
  Chooser,
  lineOf,
  peopleOf,
  type Line,
  type People,
  type Person,
  type Talk,
} from '../helpers/people';
import { PeopleRequest } from '../helpers/people-request';

/** Organisations of the property; `npm run test:long` tries 50,000. */
const numRuns = Number(process.env['RIGHT_PERSON_RUNS'] ?? 500);
/** Fifty thousand take minutes. */
jest.setTimeout(60 * 60_000);

type Verdict = 'include' | 'withhold';

/** What one call of an officer has answered, in terms of the truth. */
interface Answers {
  contactIds: string[];
  lines: Map<Line, Verdict>;
  contacts: Map<string, Verdict>;
  talks: Map<string, Verdict>;
}

const verdicts: readonly Verdict[] = ['include', 'withhold'];

/** Whose conversations are searched for by what officers have answered, and what those answers say. */
class Truth {
  constructor(
    private readonly people: People,
    private readonly calls: readonly Answers[],
    /** The only candidate, where no officer has chosen one. */
    private readonly only: string | null,
  ) {}

  /** The contacts that are the person; none where there is no contact record. */
  get contacts(): Person[] {
    const chosen = this.calls.findLast(({ contactIds }) => contactIds.length > 0)?.contactIds;
    const ids = chosen ?? (this.only === null ? [] : [this.only]);
    return this.people.contacts.filter(({ id }) => ids.includes(id));
  }

  get ids(): string[] {
    return this.contacts.flatMap(({ id, merged }) => [id, ...(merged === null ? [] : [merged.id])]);
  }

  /** Lines on file, or named by an officer where nothing is on file. */
  get lines(): Line[] {
    const onFile = this.contacts.flatMap(({ held, merged }) => [
      ...held,
      ...(merged === null || merged.isDeleted ? [] : merged.held),
    ]);
    if (this.contacts.length > 0) return [...new Set(onFile.map(({ line }) => line))];
    const asked = this.people.asked.map(({ type, value }) => lineOf(type, value));
    return [...new Set(asked)].filter((line) => this.lastOn('lines', line)?.verdict === 'include');
  }

  /** Whether anybody of those whom the answers mean took part. */
  hasPerson({ outsiders }: Talk): boolean {
    const owners = this.contacts.map(({ owner }) => owner);
    return outsiders.some(({ person }) => owners.includes(person));
  }

  carriesOwnId({ outsiders }: Talk): boolean {
    return outsiders.some(({ contactId }) => contactId !== null && this.ids.includes(contactId));
  }

  othersIn({ outsiders }: Talk): string[] {
    const ids = outsiders.flatMap(({ contactId }) => contactId ?? []);
    return [...new Set(ids)].filter((id) => !this.ids.includes(id));
  }

  tiesOf({ outsiders }: Talk): Line[] {
    const carried = outsiders.flatMap(({ line }) => line ?? []);
    return [...new Set(carried)].filter((line) => this.lines.includes(line));
  }

  /** The last answer on something, with the number of its call. */
  lastOn<K extends 'lines' | 'contacts' | 'talks'>(
    kind: K,
    what: K extends 'lines' ? Line : string,
  ): { verdict: Verdict; call: number } | null {
    const call = this.calls.findLastIndex((answers) => answers[kind].has(what as never));
    const verdict = this.calls[call]?.[kind].get(what as never);
    return verdict === undefined ? null : { verdict, call };
  }

  /** What the answers say of a conversation; null where they say nothing. */
  verdictOn(talk: Talk): Verdict | null {
    return this.answerOn(talk)?.verdict ?? null;
  }

  /** The same, with the number of the call that says so. */
  private answerOn(talk: Talk): { verdict: Verdict; call: number } | null {
    const own = this.lastOn('talks', talk.id);
    const others = this.othersIn(talk);
    const answers =
      others.length > 0
        ? others.map((id) => this.lastOn('contacts', id))
        : this.tiesOf(talk).map((line) => this.lastOn('lines', line));
    // One contact that is left out is enough, as is one line that is the person's.
    const [strong, weak]: Verdict[] =
      others.length > 0 ? ['withhold', 'include'] : ['include', 'withhold'];
    const by = (verdict: Verdict | undefined) =>
      answers.flatMap((one) => (one !== null && one.verdict === verdict ? [one] : []));
    const counting =
      by(strong).length > 0 ? by(strong) : by(weak).length === answers.length ? by(weak) : [];
    const wider = counting.toSorted((a, b) => b.call - a.call)[0] ?? null;
    return own !== null && (wider === null || own.call >= wider.call) ? own : wider;
  }

  /** Whether it was included before, or together with, the denial of the lines that tie it. */
  isIncludedBeforeDenial(talk: Talk): boolean {
    const answer = this.answerOn(talk);
    const deniedAt = this.tiesOf(talk).map((line) => this.deniedAt(line));
    return answer?.verdict === 'include' && deniedAt.some((call) => answer.call <= call);
  }

  /** The call that first denied a line that is denied since. */
  private deniedAt(line: Line): number {
    const answers = this.calls.map(({ lines: answered }) => answered.get(line));
    const included = answers.lastIndexOf('include');
    return answers.indexOf('withhold', included + 1);
  }

  /** Whether only lines that an officer has denied tie it to the person: nothing is searched by them. */
  isDenied(talk: Talk): boolean {
    if (this.carriesOwnId(talk)) return false;
    return this.tiesOf(talk).every((line) => this.lastOn('lines', line)?.verdict === 'withhold');
  }
}

/** Answers of an officer on anything that is in question. */
async function answer(choose: Chooser, request: PeopleRequest, calls: Answers[]): Promise<void> {
  const { contactMatches, identifiers } = request.details;
  const candidates = contactMatches?.candidates ?? [];
  const questions = identifiersInQuestion(identifiers, candidates);
  const doubtful = await request.doubtful();
  const isWho = candidates.length > 0 && choose.isNow(request.isVerified ? 15 : 60);
  const first = request.isVerified ? request.details.contact?.id : undefined;
  const ids = candidates
    .map(({ id }) => id)
    .toSorted((a, b) => Number(b === first) - Number(a === first));
  const contactIds = isWho ? ids.slice(0, 1 + choose.upTo(ids.length - 1)) : [];
  if (isWho && !request.isVerified && choose.isNow(50)) contactIds.reverse();
  const given: Answers = {
    contactIds,
    lines: new Map(),
    contacts: new Map(),
    talks: new Map(),
  };
  const numbers = questions.flatMap(({ type, value }, i) => {
    if (!choose.isNow(35)) return [];
    const verdict = choose.of(verdicts);
    given.lines.set(lineOf(type, value), verdict);
    return [{ identifier: i + 1, verdict }];
  });
  // Who the person is, and what of the conversations is theirs, are two questions.
  if (!isWho) {
    for (const { conversationId, otherContacts } of doubtful) {
      if (choose.isNow(30)) given.talks.set(conversationId, choose.of(verdicts));
      for (const id of otherContacts)
        if (choose.isNow(30)) given.contacts.set(id, choose.of(verdicts));
    }
  }
  const version = request.record.decisionVersion;
  const isTaken = await request.decide({
    ...(isWho ? { contactIds } : {}),
    ...(numbers.length > 0 ? { identifiers: numbers } : {}),
    contacts: [...given.contacts].map(([contactId, verdict]) => ({ contactId, verdict })),
    conversations: [...given.talks].map(([conversationId, verdict]) => ({
      conversationId,
      verdict,
    })),
  });
  // What only repeats answers of the last call is no answer.
  if (isTaken && request.record.decisionVersion > version) calls.push(given);
}

/** Everything that went into a request, and came out. */
interface Outcome {
  people: People;
  request: PeopleRequest;
  truth: Truth;
  planned: Map<string, PageConversation>;
}

/** Takes a request through any answers to its end, or as far as it comes. */
async function outcomeOf(choose: Chooser): Promise<Outcome> {
  const people = peopleOf(choose);
  const request = new PeopleRequest(people, choose.of(['oidc', 'officer', 'sms']));
  const calls: Answers[] = [];
  await request.resolve();
  for (let posts = choose.upTo(5); posts >= 0; posts -= 1) {
    if (request.details.contact !== null && !request.isVerified) await request.verify();
    if (posts === 0) break;
    await answer(choose, request, calls);
    await (request.isVerified ? request.export() : request.resolve());
  }
  if (request.undecided > 0 && (await request.decide({ undecided: 'withhold' })))
    await request.export();
  const candidates = request.details.contactMatches?.candidates ?? [];
  const only = candidates.length === 1 ? (candidates[0]?.id ?? null) : null;
  const planned = new Map(
    (await request.planned()).map((one) => [one.conversation.conversationId, one]),
  );
  return { people, request, truth: new Truth(people, calls, only), planned };
}

const isInside = (entry: PageConversation | undefined): boolean =>
  entry !== undefined && entry.withheldAs === null;

/** What must not be inside. */
function expectNothingOfOthers({ people, truth, planned }: Outcome): void {
  const isUnknown = truth.contacts.length === 0;
  for (const talk of people.talks) {
    if (!isInside(planned.get(talk.id))) continue;
    const verdict = truth.verdictOn(talk);
    const isTheirs = isUnknown
      ? truth.tiesOf(talk).length > 0
      : truth.hasPerson(talk) || verdict === 'include';
    expect([talk, isTheirs]).toEqual([talk, true]);
    if (truth.othersIn(talk).length > 0) expect([talk, verdict]).toEqual([talk, 'include']);
    // What is left out by itself stays out.
    if (!truth.carriesOwnId(talk)) expect([talk, verdict]).not.toEqual([talk, 'withhold']);
  }
}

/** What must be there, inside or named with a reason. */
function expectEverythingOfTheirs({ people, request, truth, planned }: Outcome): void {
  for (const talk of people.talks) {
    const entry = planned.get(talk.id);
    const isTied = truth.carriesOwnId(talk) || truth.tiesOf(talk).length > 0;
    if (entry === undefined) {
      if (!isTied) continue;
      expect([talk, truth.isDenied(talk)]).toEqual([talk, true]);
      if (truth.contacts.length > 0)
        expect([talk, truth.isIncludedBeforeDenial(talk)]).toEqual([talk, false]);
      const named = (request.details.contact?.notSearched ?? []).map(({ value }) => value);
      for (const { onFile } of truth.tiesOf(talk))
        expect(onFile.some((value) => named.includes(value))).toBe(true);
      continue;
    }
    expect([talk, isTied]).toEqual([talk, true]);
    const isClear = truth.carriesOwnId(talk) && truth.othersIn(talk).length === 0;
    if (isClear) expect([talk, entry.withheldAs]).toEqual([talk, null]);
    const isNotVerified = entry.withheldAs === 'notVerified';
    if (truth.verdictOn(talk) === 'include' && !isNotVerified)
      expect([talk, entry.withheldAs]).toEqual([talk, null]);
  }
}

describe('a request of anybody, in any organisation, with any answers of officers', () => {
  it('comes to everything of theirs, and nothing of others that no officer has named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (value) => {
        const outcome = await outcomeOf(new Chooser(value));
        if (outcome.request.details.contact === null || !outcome.request.isVerified) {
          expect(outcome.planned.size).toBe(0);
          return;
        }
        expectNothingOfOthers(outcome);
        expectEverythingOfTheirs(outcome);
      }),
      { numRuns, seed: 20_261_128 },
    );
  });
});
