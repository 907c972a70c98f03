// `npm run reset`: deletes everything that `npm run dev` and the demo keep on this machine.
const { rmSync } = require('node:fs');
const { connect } = require('node:net');

const socket = connect(7071, '127.0.0.1');
socket.once('connect', () => {
  console.error('`npm run dev` is running. Stop it first.');
  process.exit(1);
});
socket.once('error', () => {
  rmSync('.local', { recursive: true, force: true });
  console.log('Deleted: .local');
});
