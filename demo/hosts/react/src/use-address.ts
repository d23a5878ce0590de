// The page's address as React state.
import { useEffect, useState } from 'react';
import { dressPage, readAddress, writeAddress, type Address } from '../../shared/address.ts';

/** @returns the address, and how to change parts of it */
export function useAddress(): readonly [Address, (changes: Partial<Address>) => void] {
  const [address, setAddress] = useState(readAddress);
  useEffect(() => dressPage(address), [address]);
  useEffect(() => {
    const read = () => setAddress(readAddress());
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  const change = (changes: Partial<Address>) => {
    const next = { ...address, ...changes };
    writeAddress(next);
    setAddress(next);
  };
  return [address, change];
}
