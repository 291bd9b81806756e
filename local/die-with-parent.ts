// Preloaded into each service that the supervisor starts: a supervisor that is killed takes its services along.
process.channel?.unref();
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
