import { addressOf, type Place } from '../../core/viewer/place';

/** The address of a place, as a link has it. */
export const hrefOf = (place: Partial<Place>): string => `#${addressOf(place)}`;
