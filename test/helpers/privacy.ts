import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { outside } from './outside-jest';
import type { Scenario } from './scenario';

/** Everything by which the person, or anything of theirs, could be recognised. */
function secretsOf({ generated: { organisation, subject } }: Scenario): string[] {
  const conversations = organisation.conversations.filter(({ ownerId }) => ownerId === subject.id);
  return [
    subject.id,
    subject.lastName,
    ...subject.emails.map(({ address }) => address),
    ...subject.phones.map(({ e164 }) => e164),
    ...conversations.flatMap(({ id, communicationId, recordings }) => [
      id,
      communicationId,
      ...recordings.map((recording) => recording.id),
    ]),
  ];
}

const everyFile = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isFile())
    : [];

/** Files of everything that the app and its servers have logged. */
export const logsOf = ({ state }: Scenario): string[] =>
  everyFile(state).filter((path) => path.endsWith('.log'));

/**
 * What of the person stands in a text.
 * @param planted words besides, that were put into what the source holds of them
 */
export function hitsIn(
  scenario: Scenario,
  text: string,
  planted: readonly string[] = [],
): string[] {
  // In URLs an address is written with escapes.
  const plain = text.replaceAll(/%40/g, '@').replaceAll(/%2B/gi, '+');
  return [...secretsOf(scenario), ...planted].filter((secret) => plain.includes(secret));
}

/**
 * Tests that nothing of the person stands in any store, but where docs/data-map.md says so.
 * @param planted words besides, that were put into what the source holds of them
 */
export function privacyTests(
  scenarioOf: () => Scenario,
  requestIdOf: () => string,
  planted: readonly string[] = [],
): void {
  let scenario: Scenario;
  let secrets: string[];
  beforeAll(() => {
    scenario = scenarioOf();
    secrets = secretsOf(scenario);
  });
  const hits = (text: string): string[] => hitsIn(scenario, text, planted);

  it('finds what is planted', () => {
    const { email, phone } = scenario;
    const texts = [
      `history of ${email}`,
      `log: ${phone}`,
      `GET /contacts?q=${encodeURIComponent(email)}`,
      `POST /sms?to=${encodeURIComponent(phone)}`,
      `blob/${secrets.at(-1) ?? ''}`,
      ...planted.map((word) => `SyntaxError: "${word}..." is not valid JSON`),
    ];
    for (const text of texts) expect(hits(text)).toHaveLength(1);
  });

  it('nothing in the task hub', () => {
    const journals = ['host', 'http-host'].flatMap((name) => everyFile(join(scenario.state, name)));
    expect(journals.length).toBeGreaterThan(3);
    for (const path of journals) expect(hits(readFileSync(path, 'utf8'))).toEqual([]);
  });

  it('nothing in the logs', () => {
    const logs = logsOf(scenario);
    const names = logs.map((path) => basename(path));
    expect(names).toEqual(expect.arrayContaining(['azurite.log', 'host.log']));
    for (const path of logs) expect(hits(readFileSync(path, 'utf8'))).toEqual([]);
  });

  it('nothing in names of blobs, nor in what stands in them', async () => {
    const service = outside.blobs.BlobServiceClient.fromConnectionString(
      scenario.stack.connectionString,
    );
    const names: string[] = [];
    for await (const { name } of service.listContainers()) {
      const container = service.getContainerClient(name);
      for await (const blob of container.listBlobsFlat()) {
        names.push(blob.name);
        const content = await container.getBlobClient(blob.name).downloadToBuffer();
        expect(hits(content.toString('latin1'))).toEqual([]);
      }
    }
    expect(names.length).toBeGreaterThan(5);
    expect(hits(names.join('\n'))).toEqual([]);
  });

  it('nothing in tables, but for the source ids of items', async () => {
    const service = outside.tables.TableServiceClient.fromConnectionString(
      scenario.stack.connectionString,
      { allowInsecureConnection: true },
    );
    let rows = 0;
    for await (const { name } of service.listTables()) {
      for await (const row of scenario.table(name ?? '').listEntities()) {
        rows += 1;
        const { sourceId, ...rest } = row;
        expect(hits(JSON.stringify(rest))).toEqual([]);
        if (typeof sourceId === 'string') expect(name).toBe('items');
      }
    }
    expect(rows).toBeGreaterThan(10);
  });

  it('nothing in the status that the ticketing system reads', async () => {
    expect(hits(JSON.stringify(await scenario.status(requestIdOf())))).toEqual([]);
  });
}
