/** Azurite's own command line, as a process that ends with the one that started it. */
import './azurite-telemetry';
import 'azurite/dist/src/azurite';

process.on('disconnect', () => process.exit(0));
