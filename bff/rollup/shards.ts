// Users are divided into blocks of numbers, and blocks into shards: one rollup at a time works on a shard.

/** How many shards a workspace's users are divided into. Rollup rows carry the shard, so it is fixed for a database. */
export const shardCount = 4;

export const shards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

const bitsInBlock = 12;

/** How many users a block holds: what a rebuild folds in one transaction. */
export const usersInBlock = 2 ** bitsInBlock;

export function userBlockOf(userId: number): number {
  return userId >>> bitsInBlock;
}

export function shardOfBlock(userBlock: number): number {
  return userBlock % shardCount;
}

export function shardOf(userId: number): number {
  return shardOfBlock(userBlockOf(userId));
}
