// What a compiler of TypeScript alone knows of a component.
declare module '*.svelte' {
  import type { Component } from 'svelte';

  const component: Component;
  export default component;
}
