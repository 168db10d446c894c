/**
 * Drawings of a pipeline's graph: for Mermaid, for Graphviz, and as boxes for a terminal.
 * It must not know of runs, nor of what a terminal can do beyond its width and its characters.
 */
@NullMarked
package io.millrace.pipeline.graph;

import org.jspecify.annotations.NullMarked;
