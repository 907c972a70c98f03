import { fields, joined, text } from './unknown-fields';

/** Records of the person that the viewer shows on its timeline. */
export interface ViewerPerson {
  notes: { at: string; text: string }[];
  visits: { at: string; page: string; device: string; searchTerms: string }[];
}

/** Notes and website visits as the viewer shows them. */
export const viewerPerson = (
  notes: readonly unknown[],
  visits: readonly unknown[],
): ViewerPerson => ({
  notes: notes.map(fields).map((note) => ({
    at: text(note['createDate']),
    text: text(note['noteText']),
  })),
  visits: visits.map(fields).map((visit) => ({
    at: text(visit['createdDate']),
    page: text(fields(visit['lastPage'])['url']),
    device: joined([fields(visit['device'])['type'], fields(visit['browser'])['family']]),
    searchTerms: Array.isArray(visit['searchTerms']) ? joined(visit['searchTerms']) : '',
  })),
});
