// Preloaded into a process whose machine has the wrong time: WRONG_CLOCK_MILLISECONDS ahead.
const error = Number(process.env.WRONG_CLOCK_MILLISECONDS);
const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + error] : args, newTarget),
  apply: (target) => new target(target.now() + error).toString(),
  get: (target, property) =>
    property === 'now' ? () => target.now() + error : Reflect.get(target, property),
});
