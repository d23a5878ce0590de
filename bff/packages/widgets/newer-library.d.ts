// What the contract uses of the standard library that the analyzer's compiler is too old to know.
interface String {
  isWellFormed(): boolean;
  toWellFormed(): string;
}
