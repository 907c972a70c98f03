import vm from 'node:vm';

// Jest compiles modules by `vm.compileFunction`, which `test/environment/shared-code.cjs` has replaced.
const compile = (code: string, options: vm.CompileFunctionOptions = {}): (() => unknown) =>
  vm.compileFunction(code, ['given'], {
    filename: '/shared.js',
    parsingContext: vm.createContext({}),
    ...options,
  }) as () => unknown;

describe('code that several test files load', () => {
  it('is evaluated for each of them by itself', () => {
    const code = 'let count = 0; globalThis.loaded = true; return () => (count += 1);';
    const contexts = [vm.createContext({}), vm.createContext({})] as const;
    const [first, second] = contexts.map(
      (parsingContext) => compile(code, { parsingContext })() as () => number,
    );
    expect([first?.(), first?.(), second?.()]).toEqual([1, 2, 1]);
    expect(contexts.map(({ loaded }) => loaded as boolean)).toEqual([true, true]);
    expect(globalThis).not.toHaveProperty('loaded');
  });

  it('is compiled again once it has changed', () => {
    expect(compile('return 1')()).toBe(1);
    expect(compile('return 2')()).toBe(2);
    expect(compile('return 1')()).toBe(1);
  });

  it('names the line and the column of what goes wrong, on the first line as well', () => {
    const placeOf = (code: string): string | undefined => {
      try {
        compile(code)();
      } catch (error) {
        return /shared\.js:(\d+:\d+)/.exec(String((error as Error).stack))?.[1];
      }
    };
    expect(placeOf('  null.x')).toBe('1:8');
    expect(placeOf('\n    null.x')).toBe('2:10');
  });

  it('is told as by Node what it cannot import later', async () => {
    const later = compile("return import('later')", {
      importModuleDynamically: () => Promise.reject(new Error('Jest loads no modules so.')),
    });
    await expect(Promise.resolve(later())).rejects.toThrow('--experimental-vm-modules');
  });
});
