// What all bundles have in common.

/** Settings of esbuild for bundles that Node runs. */
export const forNode = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  // Names of files in a bundle do not depend on where node_modules really is.
  preserveSymlinks: true,
  // Code reads the names of classes: we, to tell errors apart in the log; Azure's SDK, to tell credentials.
  keepNames: true,
  metafile: true,
  logLevel: 'warning',
};

/** Files that bundles have something of, in order: paths from the root. */
export const inputsOf = ({ outputs }) =>
  [...new Set(Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)))].sort();
