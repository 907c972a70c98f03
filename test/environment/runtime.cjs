// Jest's module system, which reads and transforms each package once for all test files of a worker: nobody
// changes a package between two files.
const { default: Runtime } = require('jest-runtime');

const isOfPackage = (filename) => /[\\/]node_modules[\\/]/.test(filename);

/** Texts of files: those of packages for all test files, the others for one. */
class Sources extends Map {
  static ofPackages = new Map();

  get(filename) {
    return super.get(filename) ?? Sources.ofPackages.get(filename);
  }

  set(filename, text) {
    if (!isOfPackage(filename)) return super.set(filename, text);
    Sources.ofPackages.set(filename, text);
    return this;
  }
}

const transformed = new Map();

/** Jest's transformer, which asks the disk each time whether a file has changed. */
const transformingOnce = (transformer, { id }) =>
  Object.create(transformer, {
    transform: {
      value: (filename, options, source) => {
        if (!isOfPackage(filename)) return transformer.transform(filename, options, source);
        const key = `${id} ${options.supportsStaticESM} ${filename}`;
        const result = transformed.get(key) ?? transformer.transform(filename, options, source);
        transformed.set(key, result);
        return result;
      },
    },
  });

module.exports = class extends Runtime {
  constructor(config, environment, resolver, transformer, sources, ...rest) {
    const once = transformingOnce(transformer, config);
    super(config, environment, resolver, once, new Sources(sources), ...rest);
  }
};
