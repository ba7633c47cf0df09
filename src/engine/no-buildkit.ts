/**
 * Stands in for the gRPC libraries that dockerode loads at once, for BuildKit sessions that pglab
 * never opens: half of what it takes to load it. Put in their place by the build script.
 */
export {};
