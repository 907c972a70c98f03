import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { eventually } from '../helpers/eventually';
import { isLong } from '../helpers/long-tests';
import { foundOf } from '../helpers/organisation';
import { root } from '../helpers/root';
import { Scenario, type Downloaded, type Status } from '../helpers/scenario';
import { bsdtar, itWith, run, runOrThrow, sevenZip } from '../helpers/tools';
import { findTool } from '../../local/tools';

interface PackedConversation {
  number: number;
  conversation: { conversationId: string };
}

/** A line of `data/files.json`. */
interface PackedFile {
  file: string;
  kind: string;
  conversation: number | null;
  sourceId: string | null;
  sha256: string;
}

const read = <T>(folder: string, name: string): T =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

/** Every name that a package may hold: nothing of the person stands in one. */
const neutralName = new RegExp(
  [
    'data/conversations/\\d{4}/conversation\\.json',
    'data/conversations/\\d{4}/(audio|screen|transcript|email|attachment|chat|recorded-(email|messages|attachment))-\\d+\\.(mp3|wav|webm|json|vtt|eml|png)',
    'data/(profile|contact|conversations(-spreadsheet)?|notes|website-visits|campaigns|audit-trail|files)\\.(json|csv)',
    'availability-report(-spreadsheet)?\\.(html|json|csv)',
    '(index|check)\\.html|viewer/(index|person|languages|viewer|check)\\.(js|css)|viewer/rows/\\d{4}\\.js|viewer/pages/p\\d{6}-\\d{4}-\\d{5}\\.js',
    '(redaction-log|processing-information)\\.json|schemas/[a-z-]+\\.schema\\.json|datapackage\\.json',
    'bagit\\.txt|bag-info\\.txt|manifest-sha256\\.txt|tagmanifest-sha256\\.txt(\\.jws)?',
  ]
    .map((pattern) => `^(${pattern})$`)
    .join('|'),
);

/** A person with something of every kind, recordings in each medium included. */
const everything = { format: 'mp3', conversations: 18, seed: 216 };
/** A person with less, in the other format, which `policy.test.ts` exports as well. */
const inWav = { format: 'wav', conversations: 14, seed: 16 };
const requests = isLong ? [everything, inWav] : [everything];
/** Everything in a process of its own, as on a server: once. */
const inProcesses = { hosting: 'processes', ownServices: true } as const;

describe.each(requests)(
  'a request with $format audio, from the ticket to the opened package',
  ({ format, conversations, seed }) => {
    let scenario: Scenario;
    let requestId: string;
    let status: Status;
    let downloaded: Downloaded;

    beforeAll(async () => {
      scenario = await Scenario.start({
        ...(format === 'mp3' ? inProcesses : {}),
        conversations,
        seed,
        years: 7,
        settings: { AUDIO_FORMAT: format },
      });
      requestId = await scenario.request();
      downloaded = await scenario.fulfil(requestId);
      status = await scenario.status(requestId);
    }, 180_000);
    afterAll(() => scenario.stop());

    const own = () => {
      const reachable = foundOf(scenario.generated);
      return {
        reachable,
        recordings: reachable
          .flatMap((conversation) => conversation.recordings)
          .filter(({ media }) => media === 'audio'),
      };
    };
    const packed = (): { folder: string; document: PackedConversation }[] =>
      readdirSync(join(downloaded.folder, 'data/conversations')).map((name) => {
        const folder = join(downloaded.folder, 'data/conversations', name);
        return { folder, document: read<PackedConversation>(folder, 'conversation.json') };
      });
    /** Files of a kind, by what the package says of its own files. */
    const packedFiles = (...kinds: string[]): { path: string; name: string; sourceId: string }[] =>
      read<PackedFile[]>(downloaded.folder, 'data/files.json')
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ file, sourceId }) => ({
          path: join(downloaded.folder, file),
          name: file.split('/').at(-1) ?? '',
          sourceId: sourceId ?? '',
        }));

    it('exports exactly the conversations that the organisation holds of this person', () => {
      const exported = packed().map(({ document }) => document.conversation.conversationId);
      expect(exported.sort()).toEqual(
        own()
          .reachable.map(({ id }) => id)
          .sort(),
      );
      expect(status.conversations).toBe(conversations);
    });

    it('counts what the organisation counts', () => {
      const { recordings } = own();
      const transcribed = recordings.filter(({ transcript }) => transcript !== null).length;
      expect(status.progress.audio['exported']).toBe(recordings.length);
      expect(status.progress.transcript['exported']).toBe(transcribed);
      expect(status.progress.transcript['absent']).toBe(recordings.length - transcribed);
    });

    it('holds in file N the recording N of this person and of nobody else, by the tags of the audio', () => {
      const audio = packedFiles('audio');
      const script = join(root, 'test/helpers/audio-tags.mjs');
      const output = runOrThrow(process.execPath, [script, ...audio.map(({ path }) => path)]);
      const read = JSON.parse(output) as { tags: string; seconds: number; channels: number }[];
      audio.forEach(({ sourceId: recordingId }, i) => {
        const recording = own().recordings.find(({ id }) => id === recordingId);
        expect(read[i]?.tags).toContain(recordingId);
        expect(read[i]?.tags).toContain(scenario.generated.subject.id);
        expect(read[i]?.channels).toBe(recording?.channels);
        expect(Math.abs((read[i]?.seconds ?? 0) - (recording?.seconds ?? -99))).toBeLessThan(1);
      });
      expect(audio.map(({ sourceId }) => sourceId).sort()).toEqual(
        own()
          .recordings.map(({ id }) => id)
          .sort(),
      );
    });

    it('holds in each transcript the words of its own recording', () => {
      const transcripts = packedFiles('transcript');
      expect(transcripts).toHaveLength(Number(status.progress.transcript['exported']));
      expect(transcripts.length).toBeGreaterThan(0);
      for (const { path, sourceId } of transcripts) {
        const text = readFileSync(path, 'utf8');
        expect(text).toContain(`recording ${sourceId} owner ${scenario.generated.subject.id}`);
      }
    });

    it('holds every text of the person, by the mark in it, and the files beside them', () => {
      const { organisation, subject } = scenario.generated;
      const { reachable } = own();
      const marks = (kind: string, ids: string[]) =>
        ids.map((id) => `[${kind} ${id} owner ${subject.id}]`);
      const yearAgo = new Date(Date.now() - 365 * 86_400_000).toISOString();
      const notes = subject.notes.map(({ id }) => id);
      const audits = organisation.audits.filter(
        ({ entityId, at }) => (entityId === subject.id || notes.includes(entityId)) && at > yearAgo,
      );
      const expected = [
        ...marks(
          'email',
          reachable.flatMap((c) => c.emails.map(({ id }) => id)),
        ),
        ...marks(
          'message',
          reachable.flatMap((c) => c.messages.map(({ id }) => id)),
        ),
        ...marks(
          'attachment',
          reachable.flatMap((c) => c.messages.flatMap((m) => m.attachment?.id ?? [])),
        ),
        ...marks(
          'survey',
          reachable.flatMap((c) => c.survey?.id ?? []),
        ),
        ...marks(
          'summary',
          reachable.flatMap((c) => (c.summary === undefined ? [] : [c.id])),
        ),
        ...marks('note', notes),
        ...marks(
          'audit',
          audits.map(({ id }) => id),
        ),
        ...marks(
          'dialer',
          organisation.dialerContacts
            .filter(({ ownerId }) => ownerId === subject.id)
            .map(({ id }) => id),
        ),
      ];
      const texts = files(downloaded.folder)
        .filter((name) => /\.(json|png)$/.test(name))
        .map((name) => readFileSync(join(downloaded.folder, name), 'utf8'))
        .join('\n');
      expect(expected.length).toBeGreaterThan(20);
      for (const mark of expected) expect(texts).toContain(mark);
      for (const { id } of subject.journeySessions) expect(texts).toContain(`session=${id}`);
    });

    it('holds recordings of screens, chats, emails and messages, each under its own name', () => {
      const names: Record<string, string> = {
        screen: 'screen',
        chat: 'chat',
        email: 'recorded-email',
        messaging: 'recorded-messages',
      };
      const recorded = own().reachable.flatMap((conversation) =>
        conversation.recordings
          .filter(({ media }) => media !== 'audio')
          .map(({ id, media }) => ({ id, media })),
      );
      expect(recorded.length).toBeGreaterThan(2);
      for (const { id, media } of recorded) {
        const file = packedFiles('screen', 'chat', 'emailRecording', 'messageRecording').find(
          ({ sourceId }) => sourceId === id,
        );
        expect(file?.name).toMatch(new RegExp(`^${names[media] ?? ''}-1\\.`));
        const content = readFileSync(file?.path ?? '', 'utf8');
        expect(content).toContain(scenario.generated.subject.id);
      }
    });

    const withoutStaff = (text: string): string =>
      scenario.generated.organisation.users.reduce(
        (all, { name }) => all.replaceAll(name, 'somebody of staff'),
        text,
      );

    it('holds emails as message files that mail programs read, attachments included', async () => {
      const emails = packedFiles('email').map(({ path, sourceId }) => ({
        path: path.replace('.json', '.eml'),
        sourceId,
      }));
      expect(emails.length).toBeGreaterThan(1);
      for (const { path, sourceId } of emails) {
        const mail = await simpleParser(readFileSync(path));
        const known = own()
          .reachable.flatMap((conversation) => conversation.emails)
          .find(({ id }) => id === sourceId);
        expect(mail.subject).toBe(known?.subject);
        expect(mail.text?.trim().replaceAll(/agent-[\da-f]{8}/g, 'somebody of staff')).toBe(
          withoutStaff(known?.text ?? ''),
        );
        expect(mail.attachments.map(({ content }) => content.toString())).toEqual(
          known?.attachments.map(({ text }) => text),
        );
      }
    });

    it('holds captions beside every transcript', () => {
      let all = 0;
      for (const { folder } of packed()) {
        const { transcripts = [] } = JSON.parse(
          readFileSync(join(folder, 'conversation.json'), 'utf8'),
        ) as { transcripts?: unknown[] };
        const captions = files(folder).filter((name) => name.endsWith('.vtt'));
        expect(captions).toHaveLength(transcripts.length);
        all += captions.length;
        for (const name of captions) {
          const text = readFileSync(join(folder, name), 'utf8');
          expect(text).toMatch(/^WEBVTT\n\n\d\d:\d\d:\d\d\.\d{3} --> /);
        }
      }
      expect(all).toBeGreaterThan(0);
    });

    it('leaves attributes out that policy does not name, and says how many', () => {
      for (const { folder } of packed()) {
        expect(readFileSync(join(folder, 'conversation.json'), 'utf8')).not.toContain(
          'orderNumber',
        );
      }
      expect(status.availability?.join(' ')).toContain(
        `${2 * conversations} attributes of participants were left out`,
      );
    });

    it('holds nothing of the people with near-equal names and numbers', () => {
      const others = scenario.generated.organisation.contacts
        .filter(({ id }) => id !== scenario.generated.subject.id)
        .flatMap(({ id, emails }) => [id, ...emails.map(({ address }) => address)]);
      for (const name of files(downloaded.folder).filter((file) =>
        /\.(json|csv|html|txt)$/.test(file),
      )) {
        const text = readFileSync(join(downloaded.folder, name), 'utf8');
        for (const other of others) expect(text).not.toContain(other);
      }
    });

    itWith(sevenZip, '7-Zip')('opens with 7-Zip and the passphrase, and not without', () => {
      expect(run(sevenZip ?? '', ['t', `-p${downloaded.passphrase}`, downloaded.file]).status).toBe(
        0,
      );
      expect(run(sevenZip ?? '', ['t', '-pwrong', downloaded.file]).status).not.toBe(0);
    });

    itWith(bsdtar, 'bsdtar')('opens with bsdtar and the passphrase, and not without', () => {
      const list = (passphrase: string) =>
        run(bsdtar ?? '', [
          '--passphrase',
          passphrase,
          '-xOf',
          downloaded.file,
          'availability-report.json',
        ]);
      expect(list(downloaded.passphrase)).toMatchObject({ status: 0 });
      expect(list('wrong').status).not.toBe(0);
    });

    itWith(findTool('sha256sum'), 'sha256sum')(
      'is a bag whose manifests name every file with its hash',
      () => {
        const { output, status: code } = run('bash', [
          '-c',
          `cd '${downloaded.folder}' && sha256sum -c --quiet --strict manifest-sha256.txt tagmanifest-sha256.txt`,
        ]);
        expect({ output, code }).toEqual({ output: '', code: 0 });
        const listed = ['manifest-sha256.txt', 'tagmanifest-sha256.txt'].flatMap((name) =>
          readFileSync(join(downloaded.folder, name), 'utf8')
            .trim()
            .split('\n')
            .map((line) => line.slice(66)),
        );
        const itself = ['tagmanifest-sha256.txt', 'tagmanifest-sha256.txt.jws'];
        expect([...listed, ...itself].sort()).toEqual(files(downloaded.folder).sort());
      },
    );

    it('has neutral names inside', () => {
      for (const name of downloaded.names) {
        expect(name).toMatch(neutralName);
      }
    });

    it('says in the report what is there, what is not, and how far back the source reaches', () => {
      const report = read<{ sentences: string[] }>(downloaded.folder, 'availability-report.json');
      const { recordings } = own();
      expect(report.sentences).toContain(
        `Conversations: ${conversations} of ${conversations} conversations.`,
      );
      expect(report.sentences).toContain(
        `Audio: ${recordings.length} of ${recordings.length} recordings.`,
      );
      expect(report.sentences.join(' ')).toMatch(
        /We can’t search conversations before \d+ \w+ \d{4}\./,
      );
      expect(status.availability).toEqual(report.sentences);
    });

    it('expires when its time is over: package, work blobs, key and sessions are gone', async () => {
      const { url } = await scenario.person.link();
      await scenario.untilStep(requestId, 'waitForExpiry');
      await scenario.advanceClock(8 * 86_400_000);
      await scenario.untilState(requestId, 'expired');
      expect((await fetch(url)).status).toBe(404);
      await expect(scenario.person.link()).rejects.toMatchObject({ status: 401 });
      const link = await scenario.link(2);
      await expect(scenario.person.open(link)).rejects.toMatchObject({
        code: 'invitationNotFound',
      });
      await eventually('the end of the orchestration', async () => {
        const { runtimeStatus } = await scenario.durable<{ runtimeStatus: string }>(
          `instances/request-${requestId}`,
        );
        return runtimeStatus === 'Completed';
      });
    });
  },
);
