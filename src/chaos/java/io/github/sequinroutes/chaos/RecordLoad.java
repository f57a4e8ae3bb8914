package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Offers records: new versions, duplicates, late old versions, several versions at once, and poison. */
final class RecordLoad {
    private static final int CHUNK = 100;
    private static final List<Poison> HOMELESS = List.of(Poison.NO_ID, Poison.NO_OBJECT);

    private final Options options;
    private final SandboxConsumer consumer;
    private final Flow flow;
    private final Queue<Subject> sleepers;
    private final Truth truth;
    private final Samples samples;
    private final Random random;
    private final Map<RecordSubject, long[]> versions = new EnumMap<>(RecordSubject.class);
    private volatile int offered;

    RecordLoad(Options options, SandboxConsumer consumer, Truth truth, Flow flow, Queue<Subject> sleepers) {
        this.options = options;
        this.consumer = consumer;
        this.flow = flow;
        this.sleepers = sleepers;
        this.truth = truth;
        samples = new Samples(options.seed());
        random = new Random(options.seed());
        for (RecordSubject subject : RecordSubject.values()) {
            versions.put(subject, new long[options.keys() / RecordSubject.values().length]);
        }
    }

    /** How many records have been offered so far. */
    int offered() {
        return offered;
    }

    /** Offers at least as many records as the options say, and goes on until nobody needs more. */
    void run(BooleanSupplier needed) throws InterruptedException {
        long next = System.nanoTime();
        while (offered < options.records() || needed.getAsBoolean()) {
            for (int end = offered + CHUNK; offered < end; ) {
                offerSome();
            }
            next += TimeUnit.SECONDS.toNanos(1) * CHUNK / options.perSecond();
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            while (consumer.left() > options.backlog()) {
                TimeUnit.MILLISECONDS.sleep(10);
                next = System.nanoTime();
            }
        }
    }

    private void offerSome() {
        if (sleepers.poll() instanceof RecordSubject drowsy) {
            asIs(samples.sleeper(drowsy, offered));
        }
        if (random.nextInt(100) < options.unknown()) {
            asIs(samples.homeless(offered, Poison.UNKNOWN_COLLECTION));
            return;
        }
        RecordSubject subject = RecordSubject.any(random);
        long[] known = versions.get(subject);
        // some keys are much busier than others
        int key = (int) (known.length * Math.pow(random.nextDouble(), random.nextInt(4) == 0 ? 4 : 1));
        int kind = random.nextInt(1000);
        if (kind < 5) {
            asIs(samples.homeless(offered, HOMELESS.get(random.nextInt(HOMELESS.size()))));
        } else if (kind < 55) {
            burst(subject, key);
        } else if (kind < 180 && known[key] > 0) {
            asIs(samples.sample(subject, key, 1 + random.nextLong(known[key])));
        } else if (kind < 300 && known[key] > 0) {
            asIs(samples.sample(subject, key, known[key]));
        } else {
            update(subject, key);
        }
    }

    private void update(RecordSubject subject, int key) {
        Sample sample = samples.sample(subject, key, next(subject, key));
        // what takes the place of an older version must be good: the older one would be the truth otherwise
        if (sample.poison() == null && random.nextBoolean()) {
            count(sample);
            consumer.offer(subject.collection() + "/" + sample.id(), sample.json());
        } else {
            asIs(sample);
        }
    }

    /** Several messages about one record that probably meet in a batch, in any order. */
    private void burst(RecordSubject subject, int key) {
        List<Sample> burst = new ArrayList<>();
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            burst.add(samples.sample(subject, key, next(subject, key)));
        }
        if (random.nextInt(4) == 0) {
            burst.add(samples.withoutVersion(subject, key, next(subject, key)));
        }
        Collections.shuffle(burst, random);
        burst.forEach(this::asIs);
    }

    private long next(RecordSubject subject, int key) {
        long[] known = versions.get(subject);
        known[key] += 1 + random.nextInt(2);
        return known[key];
    }

    private void asIs(Sample sample) {
        count(sample);
        if (sample.subject() != null) {
            flow.offered(sample.subject(), sample.json());
        }
        consumer.offerAsIs(sample.json());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void count(Sample sample) {
        // before it is offered: the audit must not see an unknown one
        truth.offered(sample);
        offered++;
    }
}
