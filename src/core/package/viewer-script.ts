/** Folder of the viewer in a package. */
export const viewerFolder = 'viewer/';

/** Script with the texts of a part. */
export const viewerPageOf = (part: string): string => `${viewerFolder}pages/${part}.js`;

/**
 * A script that passes a value to the viewer. The viewer is opened from disk, where a page can load
 * scripts and nothing else. JSON is a subset of JavaScript (ECMA-262, since 2019).
 */
export const viewerScript = (key: string, value: unknown): string =>
  `${scriptHead(key)}${JSON.stringify(value)};\n`;

const scriptHead = (key: string): string => `(globalThis.viewerData??={})[${JSON.stringify(key)}]=`;

/**
 * Reads the value back from the text of such a script.
 * @throws SyntaxError when it is another script
 */
export function viewerValue(key: string, script: string): unknown {
  const head = scriptHead(key);
  if (!script.startsWith(head)) throw new SyntaxError(`This is not the script of ${key}.`);
  return JSON.parse(script.slice(head.length, script.lastIndexOf(';')));
}
