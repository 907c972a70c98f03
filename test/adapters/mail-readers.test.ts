import fc from 'fast-check';
import { simpleParser, type AddressObject } from 'mailparser';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findTool } from '../../local/tools';
import { maskEml } from '../../src/adapters/eml/mask-eml';
import { mailMasking } from '../helpers/mail-masking';
import { mails, planted, withMarksOnly } from '../helpers/mails';
import { root } from '../helpers/root';
import { itWith } from '../helpers/tools';

const amount = 250;
const originals = fc.sample(mails('planted'), { numRuns: amount, seed: 20261123 });
let masked: Buffer[];
beforeAll(async () => {
  masked = await Promise.all(
    originals.map(async (raw) => (await maskEml(raw, mailMasking())).content),
  );
});

const withoutPlanted = (text: string): void => {
  for (const word of [...planted.cards, planted.address, planted.name])
    expect(text).not.toContain(word);
};

/** Everything that was masked, in whatever was read of a mail. */
const marked = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'string' ? withMarksOnly(one) : one,
    ),
  ) as T;

const boxes = (given: AddressObject | AddressObject[] | undefined): unknown =>
  [given ?? []].flat().flatMap(({ value }) => value);

/** What mailparser reads of a mail. */
async function parsed(raw: Buffer) {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  return {
    subject: mail.subject,
    people: [mail.from, mail.to, mail.cc, mail.bcc, mail.replyTo].map(boxes),
    messageId: mail.messageId,
    references: mail.references,
    names: mail.headerLines.map(({ key }) => key),
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map(({ filename, contentType, content, headers }) => ({
      ...{ filename, contentType, names: [...headers.keys()] },
      content: contentType.startsWith('text/')
        ? textOf(content, headers.get('content-type'))
        : /^message\//.test(contentType)
          ? null
          : content.toString('hex'),
    })),
  };
}

const textOf = (content: Buffer, type: unknown): string => {
  const charset = (type as { params?: { charset?: string } } | undefined)?.params?.charset;
  return new TextDecoder(charset ?? 'utf-8').decode(content);
};

describe('a masked mail', () => {
  it('is read by mailparser as the original, but for what is masked', async () => {
    for (const [i, original] of originals.entries()) {
      const [before, after] = await Promise.all([parsed(original), parsed(masked[i] as Buffer)]);
      withoutPlanted(JSON.stringify(after));
      expect(marked(after)).toEqual(marked(before));
    }
  });

  const withPython = itWith(findTool('python3'), 'python3');
  withPython("is read by Python's email package as the original, but for what is masked", () => {
    const read = (some: readonly Buffer[]): unknown[] => {
      const input = JSON.stringify(some.map((one) => one.toString('base64')));
      const script = join(root, 'test/helpers/read-mails.py');
      const options = { input, encoding: 'utf8', maxBuffer: 1e9 } as const;
      const { stdout, stderr } = spawnSync('python3', [script], options);
      expect(stderr).toBe('');
      return JSON.parse(stdout) as unknown[];
    };
    const [before, after] = [read(originals), read(masked)];
    expect(after).toHaveLength(amount);
    after.forEach((one, i) => {
      withoutPlanted(JSON.stringify(one));
      expect(marked(one)).toEqual(marked(before[i]));
    });
  });
});
