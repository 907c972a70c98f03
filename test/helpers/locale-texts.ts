/** A text of a catalog, by its path: `report.title`. */
export type LocaleText = [path: string, text: string];

/** Every text of a catalog or of a part of it, each form of a plural by itself. */
export function textsOf(tree: object, path = ''): LocaleText[] {
  return Object.entries(tree).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : textsOf(value, `${path}${key}.`),
  );
}
