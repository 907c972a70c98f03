import { signal } from '@preact/signals';
import { render, type JSX } from 'preact';
import type { Locales } from '../../../src/core/i18n/translator';
import { Bar } from '../../../src/web/shared/bars';
import { Button } from '../../../src/web/shared/button';
import { ColumnChart, type Column } from '../../../src/web/shared/chart';
import { LanguageChoice, Segmented } from '../../../src/web/shared/choices';
import { Dialog } from '../../../src/web/shared/dialog';
import { Field } from '../../../src/web/shared/field';
import { Icon } from '../../../src/web/shared/icons';
import { Count, Note, Removed, Tag } from '../../../src/web/shared/labels';
import { Steps, Tabs, Timeline } from '../../../src/web/shared/lists';
import { LiveRegion, say } from '../../../src/web/shared/live';
import { WordsProvider } from '../../../src/web/shared/words';

/** Every component of the shared library on one page, for the tests of the library. */

const shared = {
  busy: 'One moment…',
  takingLonger: 'Taking longer than usual.',
  showAsTable: 'Show as a table',
  showAsChart: 'Show as a chart',
};
const locales: Locales = { en: { name: 'English', shared }, de: { name: 'Deutsch', shared } };

const verdict = signal<'include' | 'withhold' | null>(null);
const chosen = signal<readonly [string, string] | undefined>(undefined);
const shown = signal('');
const isAsked = signal(false);
const isSlowlyAsked = signal(false);
const outcome = signal('');
/** The test ends what a busy button waits for. */
const slow = new Promise<void>((done) => Object.assign(globalThis, { endSlow: done }));

const columns: Column[] = Array.from({ length: 24 }, (_, index) => ({
  key: `${2025 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
  name: `Month ${index + 1}`,
  tick: index % 12 === 0 ? String(2025 + index / 12) : undefined,
  values: [index % 7, index % 3, index % 2, 0],
}));

function Gallery(): JSX.Element {
  return (
    <main>
      <h1>Components</h1>
      <div class="row">
        <Button kind="primary" run={() => slow}>
          Primary
        </Button>
        <Button icon="download" run={() => say('Downloading.')}>
          Plain
        </Button>
        <Button kind="quiet">Quiet</Button>
        <Button disabled>Disabled</Button>
        <Button
          run={() => Promise.reject(new Error('refused'))}
          explain={(error) => `Copying failed: ${error instanceof Error ? error.message : ''}.`}
        >
          Copy
        </Button>
        <Icon name="print" label="Print" />
      </div>
      <div class="row">
        <Tag>Packaging</Tag>
        <Tag tone="info">Collecting</Tag>
        <Tag tone="ok" icon="shield">
          Record intact
        </Tag>
        <Tag tone="warn" icon="person">
          Decision
        </Tag>
        <Tag tone="bad" icon="warning">
          Failed
        </Tag>
        <Count of="12" />
        <Count of="3" needsYou="yes" />
        <Removed>card number removed</Removed>
      </div>
      <Tabs
        label="Parts"
        current="#/open"
        tabs={[
          { name: 'Open', href: '#/open', count: <Count of="16" /> },
          { name: 'Needs you', href: '#/needs-you', count: <Count of="3" needsYou="yes" /> },
          { name: 'Done', href: '#/done' },
        ]}
      />
      <Note title="Nothing to do.">The package should be ready at 14:40.</Note>
      <Note tone="warn" title="Two contacts match.">
        Choose who made the request.
      </Note>
      <Note tone="bad" title="Three recordings could not be copied." />
      <Note tone="ok" title="The record is intact." />
      <div class="deadline">
        <p>
          <strong class="bad">2 days left</strong>
          <span>Fri 27 Nov</span>
        </p>
        <Bar share={0.92} tone="bad" />
        <Bar share={0.1} isPaused />
      </div>
      <Steps
        label="Where the request stands"
        steps={[
          { name: 'Received', detail: '14:14', state: 'done' },
          { name: 'Collecting', detail: '74 %', state: 'now' },
          { name: 'Ready', state: 'ahead' },
        ]}
      />
      <Timeline
        events={[
          { key: '2', text: 'Collecting recordings.', at: 'now', isNow: true },
          { key: '1', text: 'Identity confirmed.', at: '14:15:03' },
        ]}
      />
      <Field
        label="Code"
        hint="Six digits"
        error="Enter the code with six digits."
        control={(attributes) => <input {...attributes} autocomplete="one-time-code" />}
      />
      <Field
        label="Language"
        control={({ id }) => (
          <LanguageChoice id={id} locales={locales} chosen="en" choose={() => undefined} />
        )}
      />
      <Segmented
        label="Whose conversation it is"
        choices={[
          { value: 'include', label: 'Include' },
          { value: 'withhold', label: 'Leave out' },
        ]}
        chosen={verdict.value}
        choose={(value) => (verdict.value = value)}
      />
      <output id="verdict">{verdict.value ?? 'undecided'}</output>
      <div class="card">
        <h2>Contacts per month</h2>
        <ColumnChart
          title="Contacts per month"
          summary="Between none and nine a month."
          columnName="Month"
          series={[
            { kind: 'call', name: 'Calls' },
            { kind: 'email', name: 'Emails' },
            { kind: 'message', name: 'Messages' },
            { kind: 'chat', name: 'Chats' },
          ]}
          columns={columns}
          chosen={chosen.value}
          choose={(from, to) => (chosen.value = [from, to])}
          show={() => (shown.value = (chosen.value ?? []).join(' to '))}
        />
        <output id="chosen">{(chosen.value ?? []).join(' to ')}</output>
        <output id="shown">{shown.value}</output>
      </div>
      <Button run={() => (isAsked.value = true)}>Recall…</Button>
      <output id="outcome">{outcome.value}</output>
      {isAsked.value && (
        <Dialog
          title="Recall the package?"
          confirm="Recall the package"
          cancel="Keep the package"
          kind="danger"
          run={() => {
            outcome.value = 'recalled';
            return Promise.resolve();
          }}
          close={() => (isAsked.value = false)}
        >
          <p>The package is destroyed at once.</p>
          <Field
            label="Reason (kept in the custody record, no personal details)"
            control={(attributes) => <textarea {...attributes} />}
          />
        </Dialog>
      )}
      <Button run={() => (isSlowlyAsked.value = true)}>Slowly…</Button>
      {isSlowlyAsked.value && (
        <Dialog
          title="Show a code?"
          confirm="Show it"
          cancel="No code"
          run={() => slow}
          close={() => (isSlowlyAsked.value = false)}
        >
          <p>It is shown once.</p>
        </Dialog>
      )}
      <LiveRegion />
    </main>
  );
}

render(
  <WordsProvider locales={locales} tag="en" timeZone="UTC">
    <Gallery />
  </WordsProvider>,
  document.body,
);
