import ignore from 'ignore';

/** What a tool that deploys is given: a folder, and how it is told to treat it. */
export interface Shipment {
  /** Paths in the folder, with `/`. */
  files: readonly string[];
  /** Content of the folder's `.funcignore`, where it has one. */
  funcignore?: string;
}

const partsOf = (path: string): string[] => path.split('/');
const gitignore = (rules: string): ((path: string) => boolean) => {
  const rulesOf = ignore().add(rules);
  return (path) => rulesOf.ignores(path);
};

/**
 * The files that the Azure Developer CLI ships (`createDeployableZip` in its project_utils.go): `.funcignore` is read as
 * a .gitignore, whose names match at any depth. Without one, `node_modules` of a service in JavaScript is left out,
 * unless `remoteBuild` is false.
 */
export function shippedByAzd(
  { files, funcignore }: Shipment,
  remoteBuild?: boolean,
): readonly string[] {
  const isIgnored =
    funcignore === undefined
      ? (path: string): boolean =>
          remoteBuild !== false && partsOf(path).slice(0, -1).includes('node_modules')
      : gitignore(funcignore);
  return files.filter((path) => {
    const folders = partsOf(path);
    const name = folders.pop() ?? '';
    return (
      !folders.includes('.azure') &&
      name !== '.funcignore' &&
      name !== 'local.settings.json' &&
      !isIgnored(path)
    );
  });
}

/** A pattern of `.funcignore` as the Functions Core Tools read it: from the start of a path, up to the end of a word. */
function expressionOf(pattern: string): string {
  return pattern
    .replace(/^\//, '')
    .replaceAll(/[-[\]/{}()+?.\\^$|]/g, String.raw`\$&`)
    .replaceAll('**', '(.+)')
    .replaceAll('*', '([^\\/]+)');
}

/** The files that the Functions Core Tools ship (`GetLocalFiles` and `GitIgnoreParser`). */
export function shippedByFunc({ files, funcignore = '' }: Shipment): readonly string[] {
  const lines = funcignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const matcher = (patterns: string[]): RegExp =>
    patterns.length === 0 ? /$^/ : new RegExp(`^((${patterns.map(expressionOf).join(')|(')}))\\b`);
  const denied = matcher(lines.filter((line) => !line.startsWith('!')));
  const allowed = matcher(
    lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1)),
  );
  const leftOut = ['.funcignore', '.gitignore', 'local.settings.json', 'project.lock.json'];
  return files.filter((path) => {
    const folders = partsOf(path);
    const name = folders.pop()?.toLowerCase() ?? '';
    if (leftOut.includes(name) || folders.includes('.git') || folders.includes('.vscode'))
      return false;
    return allowed.test(path) || !denied.test(path);
  });
}

/** The files that Azure/functions-action ships of a folder: all, or what `.funcignore` as a .gitignore leaves. */
export function shippedByAction(
  { files, funcignore }: Shipment,
  respectsFuncignore: boolean,
): readonly string[] {
  if (!respectsFuncignore || funcignore === undefined) return files;
  const isIgnored = gitignore(funcignore);
  return files.filter((path) => !isIgnored(path));
}

/** The files that actions/upload-artifact keeps of a folder, when it is not told to include hidden ones. */
export const keptByUpload = ({ files }: Shipment): readonly string[] =>
  files.filter((path) => !partsOf(path).some((part) => part.startsWith('.')));
