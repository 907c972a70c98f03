import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons';

export type Tone = 'neutral' | 'info' | 'ok' | 'warn' | 'bad';

/** A state in words, with an icon: colour is never the only sign. */
export function Tag({
  tone = 'neutral',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={`tag ${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** A number beside a name. Red only where somebody has to do something. */
export function Count({
  of,
  needsYou = 'no',
}: {
  of: string;
  needsYou?: 'yes' | 'no';
}): JSX.Element {
  return <span class={needsYou === 'yes' ? 'count needs-you' : 'count'}>{of}</span>;
}

const noteIcons = { info: 'info', ok: 'check', warn: 'warning', bad: 'alert' } as const;

interface NoteProps {
  tone?: keyof typeof noteIcons;
  /** The sentence in bold; none where one plain sentence says all. */
  title?: string;
  /** Failures are announced at once. */
  role?: 'alert' | 'status';
  children?: ComponentChildren;
}

/** What the reader has to know before all else: one bold sentence, then the rest. */
export function Note({ tone = 'info', title, role, children }: NoteProps): JSX.Element {
  return (
    <div class={`note ${tone}`} {...(role ? { role } : {})}>
      <Icon name={noteIcons[tone]} />
      <div>
        {title && <strong>{title}</strong>} {children}
      </div>
    </div>
  );
}

/** What masking has removed, in its place. */
export const Removed = ({ children }: { children: ComponentChildren }): JSX.Element => (
  <span class="removed">{children}</span>
);
