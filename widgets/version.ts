// The version of this copy of the widgets: two copies on one page tell each other apart by it.
export const version = '0.1.0';
