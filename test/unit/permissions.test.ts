import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { provenByCall, unprovable, type PermissionNeeds } from '../../src/core/genesys/permissions';

const page = readFileSync(join(resolve(__dirname, '../..'), 'docs/genesys-cloud.md'), 'utf8');

const none: PermissionNeeds = {
  recordingExporter: 'formatted',
  summaries: false,
  sentiment: false,
  secureAttributes: false,
  evaluations: false,
  deletionHold: false,
  restoreArchived: false,
  declaresSensitiveData: false,
};
/** Each condition of the table, as what an export then calls for. */
const conditions: [name: string, needs: PermissionNeeds][] = [
  ['always', none],
  ['`EXPORT_SUMMARIES`', { ...none, summaries: true }],
  ['`EXPORT_SENTIMENT`', { ...none, sentiment: true }],
  ['`EXPORT_SECURE_ATTRIBUTES`', { ...none, secureAttributes: true }],
  ['`EXPORT_EVALUATIONS`', { ...none, evaluations: true }],
  ['`RESTORE_ARCHIVED`', { ...none, restoreArchived: true }],
  ['`DELETION_HOLD`', { ...none, deletionHold: true }],
  ['`RECORDING_EXPORTER=bulkS3`', { ...none, recordingExporter: 'bulkS3' }],
];
const conditionOf = (isNeeded: (needs: PermissionNeeds) => boolean): string =>
  conditions.find(([, needs]) => isNeeded(needs))?.[0] ?? '';

describe('the table of permissions', () => {
  it('is what the app needs, on which condition, and what proves it', () => {
    const rows = [...page.matchAll(/^\| `(\w+:\w+:\w+)` +\|[^|]*\| ([^|]+?) +\| ([^|]+?) +\|$/gm)];
    const table = rows.map(([, permission = '', condition = '', proof = '']) =>
      [permission, condition, proof].join(' | '),
    );
    const job = '`POST /api/v2/recording/jobs`, see below';
    const known = [
      ...provenByCall.flatMap(({ permissions, operation, isNeeded }) =>
        permissions.map((one) => [one, conditionOf(isNeeded), `\`${operation}\``].join(' | ')),
      ),
      ...unprovable.flatMap(({ permissions, isNeeded }) =>
        permissions.map((one) => [one, conditionOf(isNeeded), 'nothing'].join(' | ')),
      ),
      `recording:recording:viewSensitiveData | always | ${job}`,
      `recording:job:add | \`RECORDING_EXPORTER=bulkS3\` | ${job}`,
    ];
    expect(table.sort()).toEqual(known.sort());
  });
});
