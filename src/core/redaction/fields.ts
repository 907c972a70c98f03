/** An object of a document. */
export type Fields = Record<string, unknown>;
