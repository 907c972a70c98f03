// What is bundled in the place of a package that is loaded when it is first used. Whoever imports it reads
// the members of an object without own properties, whose prototype knows the package: by esbuild's `__toESM`
// as by TypeScript's `__importDefault`.
module.exports = (load) => {
  let loaded;
  const get = () => (loaded ??= load());
  const memberOf = (name) => {
    if (name === '__esModule') return true;
    const found = get();
    return name === 'default' && !found.__esModule ? found : found[name];
  };
  const members = {
    get: (_, name) => memberOf(name),
    has: (_, name) => name === '__esModule' || name === 'default' || name in get(),
  };
  return Object.create(new Proxy({}, members));
};
