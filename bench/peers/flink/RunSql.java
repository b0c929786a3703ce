import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * Runs a file of SQL statements, the last of which is a bounded INSERT, in one process, tuned as
 * Flink's documentation advises. Prints what the INSERT took from its submission to its end: wall
 * clock, and CPU of the whole process. Arguments: file, parallelism.
 */
public final class RunSql {
  public static void main(String[] arguments) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("execution.target", "local");
    configuration.setString("pipeline.object-reuse", "true");
    configuration.setString("execution.checkpointing.interval", "1s");
    configuration.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
    configuration.setString("table.local-time-zone", "UTC");
    configuration.setString("parallelism.default", arguments[1]);
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(configuration)
                .build());
    String[] statements = Files.readString(Path.of(arguments[0])).split(";\\s*\\n");
    for (int i = 0; i < statements.length - 1; ++i) tables.executeSql(statements[i]);
    TableResult insert = tables.executeSql(statements[statements.length - 1]);
    long startNs = System.nanoTime();
    long startCpuNs = cpuNs();
    insert.await();
    System.out.printf(
        "{\"wall_s\": %.3f, \"cpu_s\": %.3f}%n",
        (System.nanoTime() - startNs) / 1e9, (cpuNs() - startCpuNs) / 1e9);
  }

  private static long cpuNs() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
