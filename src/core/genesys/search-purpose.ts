/**
 * What conversations are searched for: to be exported, which is the purpose where none is named, or to
 * be counted and nothing else, before their person has proven who they are.
 */
export const searchPurposes = ['export', 'count'] as const;
export type SearchPurpose = (typeof searchPurposes)[number];
