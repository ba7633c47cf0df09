/** Names for who gives none: short, known to many, and nobody's. */
const ANIMALS =
  'otter heron finch badger beaver bison camel cat coati crane dingo dolphin eagle elk emu falcon ferret fox frog gecko gibbon goat goose hare hawk hedgehog ibex ibis jackal jay kiwi koala lemur llama lynx magpie marten mole moose newt okapi oriole osprey owl panda parrot pelican penguin puffin quail rabbit raven robin seal sloth stork swan tapir toad turtle walrus weasel wombat wren yak zebra'.split(
    ' ',
  );

export function animalOf(seat: number): string {
  const name = ANIMALS[(seat - 1) % ANIMALS.length] as string;
  const round = Math.floor((seat - 1) / ANIMALS.length);
  return round === 0 ? name : `${name} ${round + 1}`;
}
