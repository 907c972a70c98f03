// Code that one test file has loaded is not compiled again for the next one of the same worker. Jest compiles
// each module anew for each test file, so that V8 parses it again and compiles its functions again at their
// first call: a tenth of the processor's time of tests that load the app.
const vm = require('node:vm');
const { compileFunction, Script } = vm;

/** By name of file: the code and its script, or null where the code cannot be shared. */
const known = new Map();

/** What the code is a function of stands before it on its first line, so that lines and columns stay. */
function scriptOf(code, parameters, filename) {
  // `import()` is answered by the test file that has compiled the code.
  if (/\bimport\s*\(/.test(code)) return null;
  const head = `(function (${parameters.join(',')}) {`;
  return new Script(`${head}${code}\n})`, { filename, columnOffset: -head.length });
}

/** As Node's: a function in the given context. Evaluating a script that is known only makes the function. */
function compileShared(code, parameters, options) {
  const { filename, parsingContext } = options;
  let entry = known.get(filename);
  if (entry?.code !== code) {
    entry = { code, script: scriptOf(code, parameters, filename) };
    known.set(filename, entry);
  }
  if (entry.script === null) return compileFunction(code, parameters, options);
  return entry.script.runInContext(parsingContext);
}

/** Jest compiles modules by this function, and gives the context of the test file. */
vm.compileFunction = (code, parameters, options) =>
  options?.parsingContext === undefined
    ? compileFunction(code, parameters, options)
    : compileShared(code, parameters, options);
