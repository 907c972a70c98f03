import { decodeBase64 } from './base64';
import { decodeText, isUnreadable } from './charset';
import { appendInSteps, each, Pace } from '../steps';
import { contentEdit, contentOf, withoutOverlaps, type Edit } from './edits';
import { OtherNames } from './find-people';
import { JsonMarks } from '../json-marks';
import type { MappedText, Range, TextEdit } from '../mapped-text';
import { markupReadings } from '../readings';
import { collectNames, maskField } from './mask-fields';
import { TextSearch, type MailMasking } from './masking';
import { parameterOf } from './parameters';
import { kindOf, type PartKind } from './part-kinds';
import { asWritten, fromUtf7, unfolded } from './plain-texts';
import { decodeQuotedPrintable } from './quoted-printable';
import { readStructure, type Part, type Structure } from './structure';
import { asItStands, type Decoded } from './transfer';
import { withheldNotes, type WithheldPartReason } from './withheld-notes';

/** What is to be changed in a mail, and what is to be told of it. */
export interface MaskedMail {
  /** In order; none overlaps another. None, where nothing is masked. */
  edits: Edit[];
  /** How often something was masked, by the code of why. */
  redactions: Record<string, number>;
  /** The same by the code of why and the header field that held it; `body` for all else. */
  byField: Record<string, Record<string, number>>;
  /** Attachments that nobody can look into here: images, documents, archives. They stay. */
  attachmentsNotRead: number;
  /** Parts that had to be left out: they are text and cannot be read, or policy withholds them. */
  partsWithheld: number;
}

/** Mails in encoded mails that are looked into. */
const deepest = 20;

/** A mail within a mail, whose bytes are encoded there. */
interface Inner {
  decoded: Decoded;
  /** Null when it is too deep. */
  mail: Mail | null;
}

interface Mail {
  bytes: Buffer;
  structure: Structure;
  inner: Map<Part, Inner>;
}

const valueIn =
  (bytes: Buffer, part: Part) =>
  (name: string): string => {
    const field = part.byName.get(name);
    return field ? bytes.toString('latin1', field.value.start, field.value.end) : '';
  };

function* decoded(bytes: Buffer, part: Part, range: Range): Generator<void, Decoded> {
  switch (part.encoding) {
    case 'base64':
      return yield* decodeBase64({ bytes, range });
    case 'quotedPrintable':
      return yield* decodeQuotedPrintable({ bytes, range });
    case 'none':
    case 'unknown':
      return asItStands({ bytes, range });
  }
}

function* readMail(bytes: Buffer, depth: number): Generator<void, Mail> {
  const structure = yield* readStructure(bytes);
  const inner = new Map<Part, Inner>();
  const pace = new Pace(100);
  for (const part of structure.parts) {
    if (pace.isOver()) yield;
    if (part.body === null || kindOf(part, valueIn(bytes, part)) !== 'mail') continue;
    const content = yield* decoded(bytes, part, part.body);
    const mail = depth < deepest ? yield* readMail(content.bytes, depth + 1) : null;
    inner.set(part, { decoded: content, mail });
  }
  return { bytes, structure, inner };
}

/** Masks one mail with all mails in it. */
class Masker {
  readonly search: TextSearch;
  attachmentsNotRead = 0;
  partsWithheld = 0;
  private readonly names = new OtherNames();

  constructor(private readonly masking: MailMasking) {
    this.search = new TextSearch(masking, this.names);
  }

  *collect({ bytes, structure, inner }: Mail): Generator<void, void> {
    const context = { bytes, masking: this.masking, names: this.names };
    const pace = new Pace(200);
    for (const { fields } of structure.parts)
      for (const field of fields) {
        yield* collectNames(context, field);
        if (pace.isOver()) yield;
      }
    for (const { mail } of inner.values()) if (mail) yield* this.collect(mail);
  }

  settle(): Generator<void, void> {
    return this.names.settle();
  }

  *mask(mail: Mail): Generator<void, Edit[]> {
    const { bytes, structure } = mail;
    const edits: Edit[] = [];
    const context = { bytes, masking: this.masking, names: this.names };
    const pace = new Pace(100);
    for (const part of structure.parts) {
      for (const field of part.fields) {
        yield* appendInSteps(edits, yield* maskField(context, this.search.of(field.name), field));
        if (pace.isOver()) yield;
      }
      if (part.body !== null)
        yield* appendInSteps(edits, yield* this.maskBody(mail, part, part.body));
      yield;
    }
    for (const range of structure.loose) {
      yield* appendInSteps(edits, yield* this.maskLoose(bytes, range));
      if (pace.isOver()) yield;
    }
    return yield* withoutOverlaps(edits);
  }

  private *maskBody(mail: Mail, part: Part, body: Range): Generator<void, Edit[]> {
    const { bytes } = mail;
    const inner = mail.inner.get(part);
    if (inner) return yield* this.maskInner(bytes, inner, { part, body });
    const kind = kindOf(part, valueIn(bytes, part));
    if (kind === 'signature') return [];
    // Nobody says how to read what is in an unknown encoding: it is masked as it stands.
    if (kind === 'opaque' || part.encoding === 'unknown') {
      if (this.masking.attachments === 'withhold')
        return [this.withhold(part, body, 'attachmentWithheld')];
      this.attachmentsNotRead += 1;
    }
    if (kind === 'opaque') return [];
    const charset = parameterOf(part.contentType, 'charset')?.trim().toLowerCase() ?? null;
    if (isUnreadable(charset)) return [this.withhold(part, body, 'unreadableMailPart')];
    const content = yield* decoded(bytes, part, body);
    const label = charset ?? (kind === 'html' ? charsetInPage(content.bytes) : null);
    const edits = yield* this.maskText(content, label, kind);
    return yield* this.withForeign(bytes, body, { content, edits });
  }

  private *maskInner(
    bytes: Buffer,
    { decoded: content, mail }: Inner,
    { part, body }: { part: Part; body: Range },
  ): Generator<void, Edit[]> {
    if (mail === null) return [this.withhold(part, body, 'unreadableMailPart')];
    const masked = yield* each(yield* this.mask(mail), contentEdit);
    const edits = yield* content.toEncoded(masked);
    return yield* this.withForeign(bytes, body, { content, edits });
  }

  /** Readers that do not take content for base64 show it as it stands. */
  private *withForeign(
    bytes: Buffer,
    body: Range,
    { content, edits }: { content: Decoded; edits: Edit[] },
  ): Generator<void, Edit[]> {
    if (!content.hasForeign) return edits;
    return yield* withoutOverlaps([...edits, ...(yield* this.maskLoose(bytes, body))]);
  }

  private *maskText(
    content: Decoded,
    label: string | null,
    kind: PartKind,
  ): Generator<void, Edit[]> {
    const isUtf7 = label !== null && /utf-?7/.test(label);
    const { text, toBytes } = yield* decodeText(content.bytes, isUtf7 ? 'us-ascii' : label);
    const edits: TextEdit[] = [];
    for (const one of yield* textsOf(text, isUtf7 ? 'utf7' : kind))
      yield* appendInSteps(edits, yield* this.maskMapped(one, kind));
    if (edits.length === 0) return [];
    return yield* content.toEncoded(yield* toBytes(yield* withoutOverlaps(edits)));
  }

  private *maskMapped(mapped: MappedText, kind: PartKind): Generator<void, TextEdit[]> {
    const found = yield* this.search.in(mapped.text);
    yield* this.search.count(found);
    const findings = kind === 'json' ? yield* new JsonMarks().quoted(mapped.text, found) : found;
    const edits: TextEdit[] = [];
    yield* each(findings, ({ start, end, mark }) =>
      edits.push(...mapped.editsOf({ start, end, text: mark })),
    );
    return edits;
  }

  /** What stands outside of any part, and what nobody says how to read. */
  private *maskLoose(bytes: Buffer, range: Range): Generator<void, Edit[]> {
    return range.start === range.end
      ? []
      : yield* this.maskText(asItStands({ bytes, range }), null, 'plain');
  }

  private withhold({ encoding }: Part, body: Range, why: WithheldPartReason): Edit {
    this.partsWithheld += 1;
    this.search.countOne(why);
    const note = Buffer.from(withheldNotes[why]);
    return {
      ...body,
      content: encoding === 'base64' ? Buffer.from(note.toString('base64')) : note,
    };
  }
}

function* textsOf(source: string, kind: PartKind | 'utf7'): Generator<void, MappedText[]> {
  switch (kind) {
    case 'html':
    case 'xml': {
      const texts: MappedText[] = [];
      for (const reading of markupReadings(source, kind)) {
        if (reading === null) yield;
        else texts.push(reading);
      }
      return texts;
    }
    case 'folded':
      return [yield* unfolded(source)];
    case 'utf7':
      return [yield* fromUtf7(source)];
    case 'mail':
    case 'json':
    case 'plain':
    case 'opaque':
    case 'signature':
      return [asWritten(source)];
  }
}

/** The charset that a page names itself (HTML, section 4.2.5.4). */
function charsetInPage(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 1_024);
  return (
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1]?.toLowerCase() ?? null
  );
}

const lineFeed = 10;
const carriageReturn = 13;

/**
 * What is to be changed in a mail (RFC 5322, 2045 to 2047, 2231, 6532), so that nothing stands in it any
 * more that is masked. Everything else keeps its bytes. Work and memory grow with its size; the caller
 * may pause at each step.
 * @param raw any bytes: what is no mail is masked as text
 */
export function* maskMail(raw: Buffer, masking: MailMasking): Generator<void, MaskedMail> {
  // Old systems end lines with a carriage return alone: read as if they were line feeds.
  const isOld = !raw.includes(lineFeed) && raw.includes(carriageReturn);
  const bytes = isOld ? yield* withLineFeeds(raw) : raw;
  const mail = yield* readMail(bytes, 0);
  const masker = new Masker(masking);
  yield* masker.collect(mail);
  yield* masker.settle();
  const edits = yield* each(yield* masker.mask(mail), wholeOf);
  return {
    edits: isOld ? yield* each(edits, withOldBreaks) : edits,
    redactions: Object.fromEntries(
      Object.entries(masker.search.redactions).map(([reason, fields]) => [
        reason,
        Object.values(fields).reduce((sum, count) => sum + count, 0),
      ]),
    ),
    byField: masker.search.redactions,
    attachmentsNotRead: masker.attachmentsNotRead,
    partsWithheld: masker.partsWithheld,
  };
}

/** The same with line feeds for carriage returns. */
function* withLineFeeds(raw: Buffer): Generator<void, Buffer> {
  const bytes = Buffer.from(raw);
  const pace = new Pace(200);
  for (let at = bytes.indexOf(carriageReturn); at >= 0;) {
    bytes[at] = lineFeed;
    at = bytes.indexOf(carriageReturn, at + 1);
    if (pace.isOver()) yield;
  }
  return bytes;
}

/** Nothing of a mail that is in no other one has to be longer. */
const wholeOf = (edit: Edit): Edit => ({
  start: edit.start,
  end: edit.end,
  content: contentOf(edit),
});

const withOldBreaks = (edit: Edit): Edit => ({
  ...edit,
  content: Buffer.from(edit.content.toString('latin1').replaceAll('\n', '\r'), 'latin1'),
});
