using NotebookRunner.Hosting;
using NotebookRunner.Terminal;

return args is [KernelHost.Command, var cells, var events]
    ? await KernelHost.RunAsync(cells, events)
    : await RunnerCommand.RunAsync(args);
