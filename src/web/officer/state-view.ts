import type { RequestState } from '../../core/request/states';
import type { IconName } from '../shared/icons';
import type { Tone } from '../shared/labels';
import type { Words } from '../shared/words';
import type { RequestSummary } from './officer-api';

/** How a request stands, in a word and a colour. */
export interface StateView {
  name: string;
  tone: Tone;
  icon?: IconName;
}

const looks: Partial<Record<RequestState, Omit<StateView, 'name'>>> = {
  needsDecision: { tone: 'warn', icon: 'person' },
  failed: { tone: 'bad', icon: 'warning' },
  identifying: { tone: 'info' },
  exporting: { tone: 'info' },
  available: { tone: 'ok', icon: 'check' },
};

type Standing = Pick<RequestSummary, 'state' | 'handOver'>;

/** How a request stands, as its tag says it. */
export function stateView({ state, handOver }: Standing, { t }: Words): StateView {
  if (handOver !== null) return { name: t('officer.secondOfficer'), tone: 'warn', icon: 'people' };
  return { tone: 'neutral', ...looks[state], name: t(`officer.states.${state}`) };
}
