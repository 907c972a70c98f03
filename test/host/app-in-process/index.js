// An app that tells what it was given when it was loaded and when it is called.
const { app } = require('@azure/functions');
const { appendFileSync } = require('node:fs');
const { setTimeout: delay } = require('node:timers/promises');

if (process.env.BROKEN) throw new Error(`BROKEN is ${process.env.BROKEN}`);
const { NAME: nameAtLoad, NOTES: notes } = process.env;
const note = (text) => appendFileSync(notes, `${text}\n`);
let calls = 0;

app.http('tell', {
  handler: async () => {
    await delay(1);
    calls += 1;
    return { jsonBody: { nameAtLoad, name: process.env.NAME, calls } };
  },
});
app.http('keepBody', {
  handler: async (request) => {
    await delay(20);
    return { body: Buffer.from(await request.arrayBuffer()).toString('hex') };
  },
});
app.http('slow', {
  handler: async () => {
    note('begins');
    await delay(200);
    note('ends');
    return {};
  },
});
app.http('endless', { handler: () => delay(3000, {}) });
app.http('throws', {
  handler: () => {
    throw new Error('AccountKey=c2VjcmV0LXNlY3JldA==;');
  },
});
app.hook.appTerminate(() => notes && note('app ends'));
