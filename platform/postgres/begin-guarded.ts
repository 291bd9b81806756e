import type { Sql, TransactionSql } from 'postgres';

type Work = (tx: TransactionSql) => unknown;

/**
 * `begin` of postgres.js, safe on a connection that is lost. 3.4.9 goes on using one: it answers failed work with a
 * rollback and sends what else the transaction asks, into a socket that is gone, which ends the process or spoils the slot
 * of the pool. `begin` itself rejects when the connection goes: from then on the work is refused what it asks, and is left
 * without an end, so that nothing follows it.
 */
export function beginGuarded(begin: Sql['begin']): Sql['begin'] {
  const guarded = (...args: [...options: string[], work: Work]) => {
    const work = args.pop() as Work;
    let over = false;
    const outcome: Promise<unknown> = Reflect.apply(begin, undefined, [
      ...args,
      async (tx: TransactionSql) => {
        try {
          const result = await work(refusedWhen(() => over, tx));
          return over ? never() : result;
        } catch (error) {
          if (over || isLost(error)) return never();
          throw error;
        }
      },
    ]);
    const end = () => {
      over = true;
    };
    outcome.then(end, end);
    return outcome;
  };
  return guarded as Sql['begin'];
}

const never = () => new Promise<never>(() => undefined);

/** The transaction's queries, refused once it is over. */
function refusedWhen(over: () => boolean, tx: TransactionSql): TransactionSql {
  const requireOpen = () => {
    if (over()) throw new Error('The transaction is over: its connection was lost');
  };
  return new Proxy(tx, {
    apply(target, self, args) {
      requireOpen();
      return Reflect.apply(target, self, args);
    },
    get(target, name) {
      if (name === 'unsafe' || name === 'savepoint' || name === 'file') requireOpen();
      return Reflect.get(target, name);
    },
  });
}

/** By the query under way, which learns of it before `begin` does. Drizzle wraps what it throws. */
function isLost(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && (cause.code === 'CONNECTION_CLOSED' || cause.code === 'CONNECTION_DESTROYED')) return true;
  }
  return false;
}
