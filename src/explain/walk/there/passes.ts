import type { Pass } from '../hooks.js';

export const there = (hook: Pass['hook'], ...tables: Pass['tables']): Pass => ({ hook, way: 'there', tables });

export const tracked = (pass: Pass): Pass => ({ ...pass, isTracked: true });

export const rest = (pass: Pass): Pass => ({ ...pass, isTracked: true, isRest: true });
