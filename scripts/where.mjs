// `npm run where < FILE`: reads lines of a log and names, beside each place in the deployed app.js, the place in the
// sources. It reads the map of dist/deploy, so build the version first that the log is of (`git checkout TAG`, `npm ci`).
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { text } from 'node:stream/consumers';

const map = new SourceMap(JSON.parse(readFileSync('dist/deploy/app/app.js.map', 'utf8')));
/** As Node writes it: with the folder of the deployed app, line and column, both from 1 on. */
const place = /[^\s(]*\bapp\/app\.js:(\d+):(\d+)/g;

process.stdout.write(
  (await text(process.stdin)).replaceAll(place, (whole, line, column) => {
    const { fileName, lineNumber, columnNumber } = map.findOrigin(Number(line), Number(column));
    if (fileName === undefined) return whole;
    return `${fileName.replace(/^(?:\.\.\/)+/, '')}:${lineNumber}:${columnNumber}`;
  }),
);
