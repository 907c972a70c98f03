import { addressOf, type Place } from '../../core/viewer/place';

/** The address of a place, as a link has it. */
export const hrefOf = (place: Partial<Place>): string => `#${addressOf(place)}`;

/** Whether somebody is about to type what is searched for: nothing else takes the focus then. */
export const isSearchFocused = (): boolean =>
  document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'search';
