// The broker of the demonstrations as a process of its own, where no other is installed.
import { startEmbeddedBroker } from '../../../src/app/embeddedBroker.ts';

process.on('disconnect', () => process.exit());
await startEmbeddedBroker({ port: Number(process.argv[2]) });
