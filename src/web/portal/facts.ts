import type { Law } from '../../core/request/legal-clock';

/** What a page of the portal knows before it has asked for anything; the server puts it there. */
export interface Facts {
  controller: string;
  contact: string;
  /** Name and address of the supervisory authority; null where none is named. */
  authority: string | null;
  hasLogo: boolean;
  /** The law of requests that name none. */
  law: Law;
  /** Whether people can ask for their data on a page of the portal. */
  hasIntake: boolean;
  /** Names of the languages, each in itself, by tag. */
  languages: Record<string, string>;
}

export const facts = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name=facts]')?.content ?? '{}',
) as Facts;
