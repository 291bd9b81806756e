import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.InputStreamReader;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's embedded engine between the outbox and Kafka. For each line that it is told, a number of events, it streams so
 * many from the replication slot and says how long they took, ms: from when polling begins to the last acknowledgement.
 */
public class Stream {
  public static void main(String[] args) throws Exception {
    Properties connector = read(args[0]);
    try (var producer = new KafkaProducer<>(read(args[1]), new StringSerializer(), new StringSerializer())) {
      var orders = new BufferedReader(new InputStreamReader(System.in));
      System.out.println("ready");
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        System.out.println(stream(connector, producer, args[2], Integer.parseInt(line)));
      }
    }
  }

  static long stream(Properties connector, KafkaProducer<String, String> producer, String topic, int count) throws Exception {
    var begun = new CompletableFuture<Long>();
    var ended = new CompletableFuture<Long>();
    int[] sent = {0};
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
        .using(connector)
        .using(new DebeziumEngine.ConnectorCallback() {
          @Override public void pollingStarted() { begun.complete(System.nanoTime()); }
        })
        .using((success, message, error) -> ended.completeExceptionally(new IllegalStateException(message, error)))
        .notifying((records, committer) -> {
          for (var record : records) producer.send(recordOf(topic, (Struct) record.record().value()));
          producer.flush();
          for (var record : records) committer.markProcessed(record);
          committer.markBatchFinished();
          sent[0] += records.size();
          if (sent[0] >= count) ended.complete(System.nanoTime());
        })
        .build();
    var thread = Executors.newSingleThreadExecutor();
    thread.execute(engine);
    try {
      return (ended.get() - begun.get()) / 1_000_000;
    } finally {
      engine.close();
      thread.shutdown();
    }
  }

  /** The message that the relay sends of the row, but for its numbers, which are nobody's here. */
  static ProducerRecord<String, String> recordOf(String topic, Struct change) {
    Struct row = change.getStruct("after");
    int partition = row.getInt16("partition");
    String value = "{\"eventId\":\"" + row.getString("event_id") + "\",\"type\":\"" + row.getString("type")
        + "\",\"aggregateId\":\"" + row.getString("aggregate_id") + "\",\"aggregateVersion\":" + row.getInt32("aggregate_version")
        + ",\"region\":\"msk\",\"partition\":" + partition + ",\"epoch\":1,\"sequence\":" + row.getInt64("id")
        + ",\"occurredAt\":\"" + row.getString("occurred_at") + "\",\"traceparent\":\"" + row.getString("traceparent")
        + "\",\"data\":" + row.getString("data") + "}";
    return new ProducerRecord<>(topic, partition, row.getString("key"), value);
  }

  static Properties read(String file) throws Exception {
    var properties = new Properties();
    try (var reader = new FileReader(file)) { properties.load(reader); }
    return properties;
  }
}
