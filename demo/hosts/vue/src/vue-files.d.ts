// What a compiler of TypeScript alone knows of a component.
declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}
