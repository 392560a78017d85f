/** Two hundred lines as characters of games say them: every sound of English, and many lips that must meet. */
export const SENTENCES: readonly string[] = `
Welcome back, traveller, the fire is still warm.
My brother built that bridge with his own hands.
Bring me five pieces of amber before midnight.
The path through the marsh is not safe after dark.
Would you like some soup, or maybe some bread?
I have never seen a map as old as this one.
Put your weapon down and step away from the door.
The king wants peace, but his sons want war.
Every spring the river climbs over the lower fields.
She gave me her promise, and I believed her.
Be quick, the ferry leaves in just a few minutes.
Nobody has opened that gate for a hundred years.
Peppermint tea will help you sleep tonight.
The smith charges too much for simple work.
We found footprints beside the empty boat.
Have you been to the market by the harbour?
Keep the lantern low and follow my voice.
That bell means someone is coming up the road.
My father fought in the battle of the broken tower.
Five more steps, and then jump over the pit.
I sell potions, maps, rope and a bit of hope.
Give this letter to the captain of the blue ship.
The mayor promised us more men for the wall.
Please wait outside until somebody calls your name.
You must be hungry after such a long climb.
The mushrooms near the swamp are bad for you.
Pull the left lever first, then the other two.
A storm is building above the western hills.
My maps are better than those from the capital.
He keeps a small brown dog under his bench.
Nothing grows in that valley but thorns and bones.
Bobby, stop playing with the apprentice's tools.
Move along, there is nothing for you to see here.
I would rather sleep in the stable than pay that much.
Whoever stole the crown must have had help.
The moon will be full by the time we arrive.
Remember to feed the horses before you leave.
Vampires, they say, but I believe in bats.
This sword was made for somebody much taller.
Come back tomorrow and I may have a job for you.
The baker's boy can tell you about the tunnel.
Speak softly, the spirits of this place are awake.
I lost my best bow somewhere in the woods.
They built the temple on top of a volcano.
Mind your head, the beams are very low.
We are out of apples, plums and pumpkin pie.
Every coin you give me helps the orphans.
You fought bravely, my friend, now rest.
Should we trust the wizard or the thief?
The bridge ahead is broken in the middle.
Climb the rope, but do not look below.
People around here love a good puzzle.
The map shows a chamber behind this wall.
Warm up by the stove while I make some coffee.
Both of them vanished without a single word.
A purple flame means the ritual is complete.
Do you smell that? Something is burning below.
The prophet spoke of a boy from the mountains.
Put on this cloak, or they will know who you are.
I was a pirate before I became a baker.
My lamp is empty, could you spare some oil?
The wolves come down when winter bites hard.
Open the box, but beware of the poison.
Very few people have ever beaten my time.
Our ship is fast, but theirs has more cannons.
Look at the shape of that cloud over the bay.
He mumbles a lot, but he means no harm.
The bishop gave a speech about mercy.
Beyond the pass lies the land of my birth.
Follow the white pebbles along the stream.
Nine men entered the mine, and none came back.
We should probably leave before the guards come.
The cave is full of moss, mud and mirrors.
Maybe the professor knows how this machine works.
I beg you, spare the village and take me instead.
That puppet moved by itself, I saw it.
Five silver pieces for the bottle of wine.
They buried the chest beneath the maple tree.
The beast is blind, but its hearing is superb.
Buy a puppy, or give me back my leash.
My mother made this blanket from rabbit fur.
Push harder, the boulder is about to move.
The thief slipped away through the back window.
Are you the one who broke the ivory mirror?
Please bring the prisoner up to my chamber.
Those above decide, and those below obey.
The mist makes everybody lose their way.
Stay on the path, whatever you may hear.
A bomb would be simpler, but far less fun.
Give me a moment to remember the password.
The empress will receive you after breakfast.
How much for the brown mare with the limp?
They hum the same melody every evening.
Both moons are visible from the observatory.
The pump is jammed, and the room is flooding.
I have a plan, but you will not like it.
Mark my words, this peace will not last.
Shall we share a boat to the fishing village?
This chapel was a prison before the flood.
The farmer's wife makes wonderful plum jam.
Be polite, or he will feed you to the pigs.
The machine needs oil, copper and patience.
Whatever happens, keep the rhythm of the drum.
I remember every face I have ever painted.
The path splits behind the abandoned mill.
Somebody left a bag of beans on my porch.
Have mercy, I only wanted a bit of cheese.
Ten thousand people once lived in this place.
The fever broke, and she asked for some milk.
He voted for war, and now he blames us.
We leave at dawn, with or without the bard.
Measure twice, chop once, my uncle always said.
The judge is coming, so button up your shirt.
Watch the bubbles, they show where it breathes.
I hope the bees survive another cold spring.
The compass spins, so the temple must be near.
Our best archer was bitten by a viper.
You may borrow the book, but never fold a page.
The lamb ran off before I could shut the gate.
Marble floors, velvet curtains, and not one bed.
Somewhere below us an ancient engine is humming.
They call it magic, I call it chemistry.
Grab the torch and climb up after me.
The poem is about a blacksmith and the moon.
A proper map would have shown the waterfall.
My knees hurt whenever the weather is changing.
Present your papers, or turn around and go home.
What a lovely evening to be robbed by bandits.
The plague took half the town in a month.
Bathe the wound, then bind it with this herb.
I never fear the dark, only what moves in it.
The chief blames you for the missing sheep.
Our village has no money, but we have honour.
Ships from the south bring pepper and pearls.
You promised me a job, a bed and some boots.
The vault has three locks and a poisonous needle.
Jump when I say jump, and not before.
Her voice is rough, but she sings like an angel.
The lift is broken, so use the emergency stairs.
Many brave men have failed where you now stand.
The opposite bank belongs to the fox people.
If you see my husband, tell him supper is cold.
Bring wood, water and something for the pain.
The museum closes early on the day of the parade.
Why would a priest carry such a big hammer?
The boss is upstairs, and he is in a bad mood.
I saw five ravens on the roof of the barn.
Patience, the fish will bite before sunset.
This amulet belonged to a famous explorer.
Two paths lead home, and both of them are long.
Move the pawn, or lose the bishop, said the ghost.
Each of these bombs could level a small castle.
The valley below the village is full of fog.
I vow to protect the prince with my life.
The river is high, so mind the slippery stones.
We burned the boats, there is no way back.
He asked for a room with a view of the palace.
Which of you has played this game before?
A lump of coal is the best I can offer.
Somebody must have warned them that we were coming.
The elves gave us bread that never becomes stale.
Beware the bog behind the northern farm.
You remind me of a pupil I once had.
The bottle says drink me, but I would not.
Poor visibility, heavy rain, perfect for an ambush.
The museum's map room is open to the public.
My grandfather grew these roses for the queen.
Never bet against a man with six fingers.
The water mill has not moved since the murder.
Bees make honey, bears take it, and I sell it.
The temple bell rang five times, then fell silent.
I need a volunteer with steady hands.
Above the altar hangs a painting of a whale.
The password is not apple, but you were close.
Show me the mark upon your arm, young man.
The emperor's moustache was a matter of state.
Put it back where you found it, thief.
Some people pray, some people fight, I bake.
The boathouse is empty except for a bucket.
Do not be afraid, the bear is only a puppet.
Leave the bag, take the lamp, and run for it.
The ambassador was pleased with your report.
Thin ice covers the pond behind the manor.
I made soup from the bones, would you like a bowl?
The fisherman's baby will not stop crying.
Both maps are wrong, and I can prove it.
Their captain is a woman with a golden arm.
You have my blessing, and my second best knife.
The jewel is hidden where the shadows meet.
A few more problems, and we shall go bankrupt.
The bath is warm, the beds are made, be welcome.
Behave yourself, we are guests in this palace.
Our homes may be small, but our hearts are not.
The pilot says we must drop some weight.
I would give my arm for a plate of roast beef.
The shop is shut, but knock and they may open.
Farewell, my friend, may the wind be with you.
The beam is about to snap, jump to the platform.
This is the last time I babysit a dragon.
Thank you for everything, you may go home now.
`
  .trim()
  .split('\n');
