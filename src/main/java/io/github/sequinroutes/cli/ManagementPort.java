package io.github.sequinroutes.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The port of the status page, health and metrics, tried before anything is started. */
final class ManagementPort {
    /** Below it a port may need a privilege. */
    private static final int FIRST_FREE_FOR_ALL = 1024;

    private ManagementPort() {}

    /**
     * Makes sure that it can be used: without it the routes would run on with nobody able to see how they are.
     *
     * @throws IOException                if it is taken, or there is no folder for the server's cache
     * @throws SettingsException if it can never be used
     */
    static void check(Properties camel) throws IOException {
        if (camel.getProperty(CamelKeys.ENABLED, "true").equals("false")) {
            return;
        }
        checkTemporaryFolder();
        int port = Integer.parseInt(camel.getProperty(CamelKeys.PORT, "9876"));
        String host = camel.getProperty(CamelKeys.HOST, "0.0.0.0");
        InetAddress address = address(host);
        try {
            bind(address, 0);
        } catch (IOException e) {
            throw wrong(CamelKeys.HOST, "is no address of this machine: " + host);
        }
        try {
            bind(address, port);
        } catch (BindException e) {
            if (port < FIRST_FREE_FOR_ALL && !String.valueOf(e.getMessage()).contains("in use")) {
                throw wrong(CamelKeys.PORT, "cannot be used by this user: port " + port + " needs a privilege");
            }
            throw new IOException("Port " + port + " of health and metrics is taken; set camel.management.port", e);
        }
    }

    /** The server has its cache there, and says of one that it cannot make only where it is. */
    private static void checkTemporaryFolder() throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Files.delete(Files.createTempFile(Files.createDirectories(folder), "sequin", null));
        } catch (IOException e) {
            throw new IOException(
                    "The folder for temporary files cannot be written to: " + folder
                            + "; set -Djava.io.tmpdir before -jar to a writable folder",
                    e);
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw wrong(CamelKeys.HOST, "is not known: " + host);
        }
    }

    private static void bind(InetAddress address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        }
    }

    private static SettingsException wrong(String key, String problem) {
        return new SettingsException(Map.of(key, problem));
    }
}
